import type { EventRow } from '../domain/columns.ts';
import { eventSentence } from '../domain/event-sentence.ts';
import { dataAt, firstText } from '../domain/event-sentence-data.ts';
import { secondText } from '../domain/instant.ts';
import type { ReportColumn } from './report.ts';

/** Columns that many reports have, under the titles that compliance people know. */

export const TIMESTAMP: ReportColumn = {
  title: 'Timestamp',
  value: ({ created_at }) => created_at && secondText(created_at),
};

export const USER_PERFORMING_ACTION: ReportColumn = {
  title: 'User Performing Action',
  value: ({ actor_name, actor_username, actor_guid }) =>
    firstText(actor_name, actor_username, actor_guid),
};

export const ACTION_TYPE: ReportColumn = { title: 'Action Type', value: ({ type }) => type };

/** Who did what, when: how every report for compliance begins. */
export const WHO_DID_WHAT = [TIMESTAMP, USER_PERFORMING_ACTION, ACTION_TYPE] as const;

export const SPACE: ReportColumn = {
  title: 'Space',
  value: ({ space_name, space_guid }) => firstText(space_name, space_guid),
};

export const ORGANIZATION: ReportColumn = {
  title: 'Organization',
  value: ({ organization_name, organization_guid }) =>
    firstText(organization_name, organization_guid),
};

export const WHERE = [SPACE, ORGANIZATION] as const;

export const DESCRIPTION: ReportColumn = { title: 'Description', value: eventSentence };

export const TARGET_TYPE: ReportColumn = {
  title: 'Target Type',
  value: ({ target_type }) => target_type,
};

/** The GUID of what was acted on, under a title of its own. */
export const targetGuid = (title: string): ReportColumn => ({
  title,
  value: ({ target_guid }) => target_guid,
});

/** The name of what was acted on, its GUID where it has none. */
export const targetName = (title: string): ReportColumn => ({ title, value: nameOfTarget });

export const nameOfTarget = ({ target_name, target_guid }: EventRow): string | undefined =>
  firstText(target_name, target_guid);

/**
 * A GUID of the caller's request, from v3's relationships or from v2's field.
 *
 * @param thing - `app`, `service_instance`, `route`
 */
export function requestedGuid(row: EventRow, thing: string): string | undefined {
  const text = (path: string): string | undefined => {
    const value = dataAt(row, path);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return text(`request.relationships.${thing}.data.guid`) ?? text(`request.${thing}_guid`);
}
