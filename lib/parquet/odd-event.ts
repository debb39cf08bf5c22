import { createHash } from 'node:crypto';
import { floorToSecond, SECOND_PATTERN } from '../domain/instant.ts';
import { isObject, isString, type Member, membersOf, type Slice } from '../domain/json-slices.ts';

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

/** Fields of an event in Cloud Controller's order; `links` is never stored, it follows from the GUID. */
const FIELDS = [
  'guid',
  'created_at',
  'updated_at',
  'type',
  'actor',
  'target',
  'data',
  'space',
  'organization',
  'links',
] as const;

/** One piece of an event read with care: what fits a column, what belongs into `extra`, and whether something was lost. */
class EventReading {
  readonly #bytes: Uint8Array;
  /** Set when the columns and `extra` together no longer say all that the bytes said. */
  lossy = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The text of a slice; invalid UTF-8 becomes U+FFFD and counts as a loss. */
  source(slice: Slice): string {
    const piece = this.#bytes.subarray(slice.from, slice.to);
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('utf8');
    if (Buffer.byteLength(text) !== piece.length || text.includes('\uFFFD')) {
      if (!Buffer.from(text).equals(piece)) this.lossy = true;
    }
    return text;
  }

  /** A JSON string's value; a lone surrogate becomes U+FFFD and counts as a loss. */
  string(slice: Slice): string {
    const value: unknown = this.#parseString(slice);
    const text = String(value);
    if (text.isWellFormed()) return text;
    this.lossy = true;
    return text.toWellFormed();
  }

  #parseString(slice: Slice): unknown {
    const text = this.source(slice);
    try {
      return JSON.parse(text);
    } catch {
      // A raw control character or an unknown escape: not JSON, but its bytes are kept and its text is still worth showing.
      this.lossy = true;
      return text.slice(1, -1);
    }
  }

  /** A value's JSON text as it stands; null and a loss when no reader would accept it (a raw control character in a string). */
  json(slice: Slice): string | null {
    const text = this.source(slice);
    try {
      JSON.parse(text);
      return text;
    } catch {
      this.lossy = true;
      return null;
    }
  }

  /** Members by decoded name; a name that comes twice counts as a loss, the first one is kept. */
  members(slice: Slice): Map<string, Member> {
    const members = new Map<string, Member>();
    for (const member of membersOf(this.#bytes, slice)) {
      const name = this.string(member.key);
      if (members.has(name)) this.lossy = true;
      else members.set(name, member);
    }
    return members;
  }

  isObject(slice: Slice): boolean {
    return isObject(this.#bytes, slice);
  }

  isString(slice: Slice): boolean {
    return isString(this.#bytes, slice);
  }

  isNull(slice: Slice): boolean {
    return this.#bytes[slice.from] === 0x6e;
  }
}

/** JSON text of an object of JSON texts; undefined when it has no members. */
function objectText(members: ReadonlyMap<string, string>): string | undefined {
  if (members.size === 0) return undefined;
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/**
 * Read one event whose shape is not the usual one into the columns, losing nothing.
 *
 * What has no column goes to `extra` at its place; what columns and `extra` cannot hold together leaves the event's exact bytes as base64 in `extra._raw`.
 *
 * @param bytes - the page's body; `slice` is the event in it
 * @param previous - `created_at` of the row before, in milliseconds: where an event without a readable instant is put
 */
export function readOddEvent(bytes: Uint8Array, slice: Slice, previous: number): EventColumns {
  const reading = new EventReading(bytes);
  const extra = new Map<string, string>();
  const members = reading.isObject(slice) ? reading.members(slice) : new Map<string, Member>();

  for (const [name, member] of members) {
    if ((FIELDS as readonly string[]).includes(name)) continue;
    const value = reading.json(member.value);
    if (value !== null) extra.set(name, value);
  }
  for (const name of FIELDS) {
    if (name !== 'links' && !members.has(name)) reading.lossy = true;
  }

  const text = (name: string): string | null => {
    const value = members.get(name)?.value;
    if (value === undefined) return null;
    if (reading.isString(value)) return reading.string(value);
    reading.lossy = true;
    return null;
  };

  const instant = (name: string): number | null => {
    const value = text(name);
    if (value === null) return null;
    const time = Date.parse(value);
    if (Number.isNaN(time)) reading.lossy = true;
    else if (!SECOND_PATTERN.test(value) || floorToSecond(new Date(time)).getTime() !== time) {
      reading.lossy = true;
    }
    return Number.isNaN(time) ? null : time;
  };

  /** An object of strings, such as `actor`: its known members, the unknown ones put into `extra`; a null one is an `extra` too when it may not be null. */
  const parts = (name: string, known: readonly string[], nullable: boolean): (string | null)[] => {
    const none = known.map(() => null);
    const value = members.get(name)?.value;
    if (value === undefined) return none;
    if (reading.isNull(value)) {
      if (!nullable) extra.set(name, 'null');
      return none;
    }
    if (!reading.isObject(value)) {
      reading.lossy = true;
      return none;
    }
    const inner = reading.members(value);
    const unknown = new Map<string, string>();
    for (const [key, member] of inner) {
      if (known.includes(key)) continue;
      const text = reading.json(member.value);
      if (text !== null) unknown.set(key, text);
    }
    const rest = objectText(unknown);
    if (rest !== undefined) extra.set(name, rest);
    return known.map((key) => {
      const part = inner.get(key)?.value;
      if (part !== undefined && reading.isString(part)) return reading.string(part);
      if (part === undefined || nullable || !reading.isNull(part)) reading.lossy = true;
      return null;
    });
  };

  const guid = text('guid');
  const createdAt = instant('created_at');
  const updatedAt = instant('updated_at');
  const type = text('type');
  const [actorGuid, actorType, actorName] = parts('actor', ['guid', 'type', 'name'], false);
  const [targetGuid, targetType, targetName] = parts('target', ['guid', 'type', 'name'], false);
  const [spaceGuid] = parts('space', ['guid'], true);
  const [organizationGuid] = parts('organization', ['guid'], true);
  const dataValue = members.get('data')?.value;
  const data = dataValue === undefined ? null : reading.json(dataValue);

  const event = bytes.subarray(slice.from, slice.to);
  if (reading.lossy) extra.set('_raw', `"${Buffer.from(event).toString('base64')}"`);
  return {
    guid: guid ?? `unidentified-${createHash('sha256').update(event).digest('hex').slice(0, 32)}`,
    created_at: createdAt ?? previous,
    updated_at: updatedAt,
    type,
    actor_guid: actorGuid ?? null,
    actor_type: actorType ?? null,
    actor_name: actorName ?? null,
    target_guid: targetGuid ?? null,
    target_type: targetType ?? null,
    target_name: targetName ?? null,
    space_guid: spaceGuid ?? null,
    organization_guid: organizationGuid ?? null,
    data,
    extra: objectText(extra) ?? null,
  };
}
