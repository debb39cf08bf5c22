import { presentTime } from './time.ts';

/** Columns of `events` that the presenter reads, in its order. `actor_username` is not among them: v3 does not show it (CC §1.6). */
export const EVENT_COLUMNS = [
  'guid',
  'timestamp',
  'type',
  'actor',
  'actor_type',
  'actor_name',
  'actee',
  'actee_type',
  'actee_name',
  'metadata',
  'space_guid',
  'organization_guid',
] as const;

/**
 * One event as JSON text, keys in Cloud Controller's order (CC §1.6).
 *
 * It is put together as text because `data` goes out as it was stored: parsing would change long integers and the order of keys like "1".
 * Both times come from the column `timestamp`, not from those that filter and sort.
 */
export function presentEvent(row: readonly unknown[], apiUrl: string): string {
  const [guid, timestamp, type, actor, actorType, actorName, actee, acteeType, acteeName] = row;
  const [metadata, spaceGuid, organizationGuid] = row.slice(9);
  const time = presentTime(Number(timestamp));
  return (
    `{"guid":${text(guid)},"created_at":"${time}","updated_at":"${time}","type":${text(type)},` +
    `"actor":${party(actor, actorType, actorName)},"target":${party(actee, acteeType, acteeName)},` +
    `"data":${metadata === null ? '{}' : metadata},"space":${owner(spaceGuid)},` +
    `"organization":${owner(organizationGuid)},` +
    `"links":{"self":{"href":${text(`${apiUrl}/v3/audit_events/${guid}`)}}}}`
  );
}

function party(guid: unknown, type: unknown, name: unknown): string {
  return guid === null
    ? 'null'
    : `{"guid":${text(guid)},"type":${text(type)},"name":${text(name)}}`;
}

/** Ruby's `blank?`: also a text of blanks only is no owner. */
function owner(guid: unknown): string {
  return String(guid).trim() === '' ? 'null' : `{"guid":${text(guid)}}`;
}

/** Text that JSON shows as it is; most is, and a page has sixty thousand such pieces. */
const PLAIN = /^[ !#-[\]-~]*$/;

function text(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
