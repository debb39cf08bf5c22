import type { FoundationDatabase } from '../../database/foundation-database.ts';
import type { ListMessage } from '../messages/list-message.ts';
import { type Condition, type Dataset, isIn, isNotIn, where } from './dataset.ts';
import { timestampConditions } from './timestamp-bounds.ts';

/** Narrow the events a caller may read to those the request asks for (CC §1.1). */
export function filterEvents(readable: Dataset, { filters }: ListMessage): Dataset {
  const conditions: Condition[] = [];
  for (const [key, value] of filters) {
    if (key === 'types') conditions.push(isIn('events.type', value));
    else if (key === 'target_guids') {
      const excluded = value instanceof Map ? value.get('not') : undefined;
      conditions.push(
        excluded === undefined ? isIn('events.actee', value) : isNotIn('events.actee', excluded),
      );
    } else if (key === 'space_guids') conditions.push(isIn('events.space_guid', value));
    else if (key === 'organization_guids') conditions.push(isIn('events.organization_guid', value));
    else if (key === 'guids') conditions.push(isIn('events.guid', value));
    else if (key === 'created_ats')
      conditions.push(...timestampConditions('events.created_at', value));
    else if (key === 'updated_ats')
      conditions.push(...timestampConditions('events.updated_at', value));
  }
  return where(readable, ...conditions);
}

/** Have the indexes ready that Cloud Controller's table has for these filters (CC §2.3). */
export function prepareIndexes(database: FoundationDatabase, message: ListMessage): void {
  const columns: Record<string, string> = {
    types: 'type',
    target_guids: 'actee',
    space_guids: 'space_guid',
    organization_guids: 'organization_guid',
    updated_ats: 'updated_at',
  };
  for (const key of message.filters.keys()) {
    const column = columns[key];
    if (column !== undefined) database.indexEventsBy(column);
  }
  if (message.orderBy === 'updated_at') database.indexEventsBy('updated_at');
}
