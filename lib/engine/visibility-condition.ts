import type { Visibility } from '../domain/visibility.ts';
import type { Condition } from './conditions.ts';

/** So many GUIDs of a column stand as values of their own: an engine may then skip what has none of them. */
const MOST_SINGLE = 100;

/** GUIDs that can be told apart again when commas join them. */
const PACKABLE = /^[\w.-]+$/;

/** Of one joined value: Athena takes 1,024 characters with the quotes. */
const PACK_LENGTH = 1_000;

/**
 * What somebody may see as conditions that must hold, with every GUID a bound value; none for who sees all.
 *
 * A long list is bound as a few joined values, because Athena takes no long list of them; DuckDB and Trino then read it as a table, and look GUIDs up instead of comparing with each.
 */
export function visibilityConditions(visibility: Visibility): Condition[] {
  if (visibility.kind === 'all') return [];
  const conditions = [
    ...oneOf('space_guid', visibility.spaces),
    ...oneOf('organization_guid', visibility.organizations),
  ];
  if (conditions.length === 0) return [{ sql: 'FALSE', parameters: [] }];
  return [
    {
      sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
      parameters: conditions.flatMap(({ parameters }) => parameters),
    },
  ];
}

/** @param column - ours, never a caller's */
function oneOf(column: string, guids: readonly string[]): Condition[] {
  if (guids.length <= MOST_SINGLE) return single(column, guids);
  const { packable = [], odd = [] } = Object.groupBy(guids, (guid) =>
    PACKABLE.test(guid) ? 'packable' : 'odd',
  );
  return [...packed(column, packable), ...single(column, odd)];
}

const single = (column: string, guids: readonly string[]): Condition[] =>
  guids.length === 0
    ? []
    : [{ sql: `${column} IN (${guids.map(() => '?').join(', ')})`, parameters: guids }];

function packed(column: string, guids: readonly string[]): Condition[] {
  const packs = packsOf(guids);
  if (packs.length === 0) return [];
  const lists = packs.map(() => "split(?, ',')").join(' || ');
  return [
    {
      sql: `${column} IN (SELECT visible FROM UNNEST(${lists}) AS list(visible))`,
      parameters: packs,
    },
  ];
}

function packsOf(guids: readonly string[]): string[] {
  const packs: string[] = [];
  for (const guid of guids) {
    const last = packs.at(-1);
    if (last === undefined || last.length + 1 + guid.length > PACK_LENGTH) packs.push(guid);
    else packs[packs.length - 1] = `${last},${guid}`;
  }
  return packs;
}
