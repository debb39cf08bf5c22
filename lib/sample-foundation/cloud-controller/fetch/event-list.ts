import type { ListMessage } from '../../../cloud-controller-api/list-message.ts';
import type { ParamValue } from '../../../cloud-controller-api/query-string.ts';
import type { FoundationDatabase } from '../../database/foundation-database.ts';
import { byColumn, commonFilters, conditionsOf } from './common-filters.ts';
import { type Condition, type Dataset, isIn, isNotIn, where } from './dataset.ts';

const FILTERS = {
  ...commonFilters('events'),
  types: byColumn('events.type'),
  target_guids: targetGuids,
  space_guids: byColumn('events.space_guid'),
  organization_guids: byColumn('events.organization_guid'),
};

/** Which column's index Cloud Controller's table has for a filter or an order (CC §2.3). */
const INDEXED: Readonly<Record<string, string>> = {
  types: 'type',
  target_guids: 'actee',
  space_guids: 'space_guid',
  organization_guids: 'organization_guid',
  updated_ats: 'updated_at',
};

/** Narrow the events a caller may read to those the request asks for (CC §1.1). */
export function filterEvents(readable: Dataset, message: ListMessage): Dataset {
  return where(readable, ...conditionsOf(message, FILTERS));
}

/** Have the indexes ready that this request profits from. */
export function prepareIndexes(database: FoundationDatabase, message: ListMessage): void {
  for (const key of message.filters.keys()) {
    const column = INDEXED[key];
    if (column !== undefined) database.indexEventsBy(column);
  }
  if (message.orderBy === 'updated_at') database.indexEventsBy('updated_at');
}

function targetGuids(value: ParamValue): Condition[] {
  const excluded = value instanceof Map ? value.get('not') : undefined;
  return [excluded === undefined ? isIn('events.actee', value) : isNotIn('events.actee', excluded)];
}
