import type { EventRow } from './columns.ts';
import { compactJson } from './compact-json.ts';
import { secondText } from './instant.ts';
import { isObject, membersOf, wholeValue } from './json-slices.ts';

/** Members of a JSON object as texts, in order; a key is decoded, a value stands as it was written. */
type Members = Map<string, string>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const isObjectText = (json: string): boolean => {
  const bytes = encoder.encode(json);
  return isObject(bytes, wholeValue(bytes));
};

function membersOfText(json: string): Members {
  const bytes = encoder.encode(json);
  const text = (from: number, to: number): string => decoder.decode(bytes.subarray(from, to));
  return new Map(
    membersOf(bytes, wholeValue(bytes)).map(({ key, value }) => [
      JSON.parse(text(key.from, key.to)),
      text(value.from, value.to),
    ]),
  );
}

const objectText = (members: Members): string =>
  `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;

/** An object of the event (`actor`, `space` …) with what `extra` keeps at its place. */
function partText(
  known: Readonly<Record<string, string | null>>,
  extra: string | undefined,
  absent: boolean,
): string {
  if (extra === 'null') return 'null';
  if (absent && extra === undefined) return 'null';
  const members: Members = new Map(
    Object.entries(known).map(([key, value]) => [key, JSON.stringify(value)]),
  );
  if (extra !== undefined && isObjectText(extra)) {
    for (const [key, value] of membersOfText(extra)) members.set(key, value);
  }
  return objectText(members);
}

export interface EventJsonOptions {
  /** API root without a slash at its end: adds the `links` that Cloud Controller would show. */
  readonly api?: string;
  /** Puts the names of space and organization, which Cloud Controller never shows, beside their GUIDs. */
  readonly names?: boolean;
}

/** The exact bytes that an event without a faithful row came as, decoded; undefined for every other event. */
export function rawEventText(row: EventRow): string | undefined {
  if (row.extra === null) return undefined;
  const raw = membersOfText(row.extra).get('_raw');
  if (raw === undefined) return undefined;
  return decoder.decode(Buffer.from(JSON.parse(raw), 'base64'));
}

/**
 * Rebuild the event from its row, as JSON text in Cloud Controller's key order: `data` digit for digit, unknown fields at their place (after the known ones), `links` only on demand.
 *
 * It is one line, also where a part holds the white space of an indented page.
 *
 * A row that cannot represent its event is rebuilt as far as its columns go; `rawEventText` has the rest.
 */
export function eventJson(row: EventRow, options: EventJsonOptions = {}): string {
  const extra =
    row.extra === null ? new Map<string, string>() : membersOfText(compactJson(row.extra));
  const named = (name: string | null): Record<string, string | null> =>
    options.names ? { name } : {};
  const instant = (date: Date | null): string => JSON.stringify(date && secondText(date));
  const members: Members = new Map([
    ['guid', JSON.stringify(row.guid)],
    ['created_at', instant(row.created_at)],
    ['updated_at', instant(row.updated_at)],
    ['type', JSON.stringify(row.type)],
    [
      'actor',
      partText(
        { guid: row.actor_guid, type: row.actor_type, name: row.actor_name },
        extra.get('actor'),
        false,
      ),
    ],
    [
      'target',
      partText(
        { guid: row.target_guid, type: row.target_type, name: row.target_name },
        extra.get('target'),
        false,
      ),
    ],
    ['data', row.data === null ? 'null' : compactJson(row.data)],
    [
      'space',
      partText(
        { guid: row.space_guid, ...named(row.space_name) },
        extra.get('space'),
        row.space_guid === null,
      ),
    ],
    [
      'organization',
      partText(
        { guid: row.organization_guid, ...named(row.organization_name) },
        extra.get('organization'),
        row.organization_guid === null,
      ),
    ],
  ]);
  for (const [key, value] of extra) {
    if (!members.has(key) && key !== '_raw') members.set(key, value);
  }
  if (options.api !== undefined) {
    const href = `${options.api}/v3/audit_events/${encodeURIComponent(row.guid)}`;
    members.set('links', JSON.stringify({ self: { href } }));
  }
  return objectText(members);
}
