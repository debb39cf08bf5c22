import { instantSchema, secondText } from '../domain/instant.ts';
import type { Slice } from '../domain/json-slices.ts';
import { EVENT_FIELDS, KNOWN_FIELDS } from './event-fields.ts';
import { EventReading } from './event-reading.ts';

/** The columns that come from one event; null is SQL's null. Timestamps are milliseconds since the epoch. */
export interface EventColumns {
  readonly guid: string;
  readonly created_at: number;
  readonly updated_at: number | null;
  readonly type: string | null;
  readonly actor_guid: string | null;
  readonly actor_type: string | null;
  readonly actor_name: string | null;
  readonly target_guid: string | null;
  readonly target_type: string | null;
  readonly target_name: string | null;
  readonly space_guid: string | null;
  readonly organization_guid: string | null;
  readonly data: string | null;
  readonly extra: string | null;
}

/** What one event says by itself; a GUID or instant that cannot be read is for the page to find. */
export type OddEvent = Omit<EventColumns, 'guid' | 'created_at'> & {
  readonly guid: string | null;
  readonly created_at: number | null;
};

/** An object inside an event, all of whose known members are texts. */
interface PartShape {
  readonly members: readonly string[];
  /** Whether the event may lack it: then `null` is usual, and a null in it is not. */
  readonly optional: boolean;
}

/** `actor` and `target`; old rows have parties without a name. */
const PARTY: PartShape = { members: ['guid', 'type', 'name'], optional: false };
/** `space` and `organization`. */
const SCOPE: PartShape = { members: ['guid'], optional: true };

interface Part {
  /** In the order of the shape's members. */
  readonly values: readonly (string | null)[];
  /** JSON text of what has no column; undefined: nothing. */
  readonly rest: string | undefined;
}

/**
 * Read one event whose shape is not the usual one into the columns, losing nothing.
 *
 * What has no column goes to `extra` at its place; what columns and `extra` cannot hold together leaves the event's exact bytes as base64 in `extra._raw`.
 *
 * @param bytes - the page's body; `slice` is the event in it
 */
export function readOddEvent(bytes: Uint8Array, slice: Slice): OddEvent {
  const reading = new EventReading(bytes);
  const fields = reading.isObject(slice) ? reading.members(slice) : new Map<string, Slice>();
  const extra = readUnknown(reading, fields, KNOWN_FIELDS);
  if (EVENT_FIELDS.some((name) => !fields.has(name))) reading.lossy = true;

  const part = (name: string, shape: PartShape): Part['values'] => {
    const { values, rest } = readPart(reading, fields.get(name), shape);
    if (rest !== undefined) extra.set(name, rest);
    return values;
  };
  const [actorGuid = null, actorType = null, actorName = null] = part('actor', PARTY);
  const [targetGuid = null, targetType = null, targetName = null] = part('target', PARTY);
  const [spaceGuid = null] = part('space', SCOPE);
  const [organizationGuid = null] = part('organization', SCOPE);
  const data = fields.get('data');
  const columns = {
    guid: readText(reading, fields.get('guid')),
    created_at: readInstant(reading, fields.get('created_at')),
    updated_at: readInstant(reading, fields.get('updated_at')),
    type: readText(reading, fields.get('type')),
    actor_guid: actorGuid,
    actor_type: actorType,
    actor_name: actorName,
    target_guid: targetGuid,
    target_type: targetType,
    target_name: targetName,
    space_guid: spaceGuid,
    organization_guid: organizationGuid,
    data: data === undefined ? null : reading.json(data),
  };

  // The source's own `_raw`, should it ever send one, must not be taken for ours, which stands last.
  const sourcesOwn = extra.delete('_raw');
  if (reading.lossy || sourcesOwn) {
    extra.set('_raw', `"${reading.bytes(slice).toString('base64')}"`);
  }
  return { ...columns, extra: objectText(extra) ?? null };
}

/** JSON texts of the members that are not among the known ones. */
function readUnknown(
  reading: EventReading,
  members: ReadonlyMap<string, Slice>,
  known: readonly string[],
): Map<string, string> {
  const unknown = new Map<string, string>();
  for (const [name, value] of members) {
    const text = known.includes(name) ? null : reading.json(value);
    if (text !== null) unknown.set(name, text);
  }
  return unknown;
}

/** A text; null and a loss when it is anything else. */
function readText(reading: EventReading, value: Slice | undefined): string | null {
  if (value === undefined) return null;
  if (reading.isString(value)) return reading.string(value);
  reading.lossy = true;
  return null;
}

/** An instant; a loss unless it is written as Cloud Controller writes it, null when it is no instant at all. */
function readInstant(reading: EventReading, value: Slice | undefined): number | null {
  const text = readText(reading, value);
  const instant = instantSchema.safeParse(text).data;
  if (instant === undefined || secondText(instant) !== text) reading.lossy = true;
  return instant?.getTime() ?? null;
}

function readPart(reading: EventReading, value: Slice | undefined, shape: PartShape): Part {
  const nothing = { values: shape.members.map(() => null), rest: undefined };
  if (value === undefined) return nothing;
  if (reading.isNull(value)) return shape.optional ? nothing : { ...nothing, rest: 'null' };
  if (!reading.isObject(value)) {
    reading.lossy = true;
    return nothing;
  }
  const members = reading.members(value);
  const values = shape.members.map((name) => {
    const member = members.get(name);
    if (member !== undefined && !shape.optional && reading.isNull(member)) return null;
    // A member that is missing would come back as null: not the same.
    if (member === undefined) reading.lossy = true;
    return readText(reading, member);
  });
  return { values, rest: objectText(readUnknown(reading, members, shape.members)) };
}

/** JSON text of an object of JSON texts; undefined when it has no members. */
function objectText(members: ReadonlyMap<string, string>): string | undefined {
  if (members.size === 0) return undefined;
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}
