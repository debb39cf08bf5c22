import { type EventFilter, type ExactCondition, isGuid } from '../domain/event-query.ts';
import { duckDBMatches, duckDBPattern, likePattern } from '../domain/wildcard.ts';

export type SqlValue = string | Date;

/** A piece of SQL with positional `?` and a value for each: no value ever stands in the text. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const anyOf = (conditions: readonly Condition[]): Condition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
  parameters: conditions.flatMap(({ parameters }) => parameters),
});

/** Also true of a row whose column is null. */
const noneOf = (conditions: readonly Condition[]): Condition => {
  const { sql, parameters } = anyOf(conditions);
  return { sql: `NOT coalesce(${sql}, FALSE)`, parameters };
};

const equals =
  (column: string) =>
  (value: string): Condition => ({ sql: `${column} = ?`, parameters: [value] });

const typeCondition = (type: string): Condition =>
  type.endsWith('.*')
    ? { sql: "type LIKE ? ESCAPE '\\'", parameters: [likePattern(type)] }
    : equals('type')(type);

/** That a column is, whatever its case, a text in which `*` stands for any text. */
export type Wildcard = (column: string, text: string) => Condition;

/** Trino's `LIKE` takes time in proportion to the text, however many `*` there are. */
export const trinoWildcard: Wildcard = (column, text) => ({
  sql: `lower(${column}) LIKE lower(?) ESCAPE '\\'`,
  parameters: [likePattern(text)],
});

export const duckDBWildcard: Wildcard = (column, text) => ({
  sql: duckDBMatches(column),
  parameters: [duckDBPattern(text)],
});

/** By GUID or name; the columns are ours, never a caller's. */
const thing =
  (guid: string, ...names: readonly string[]) =>
  (text: string, wildcard: Wildcard): Condition => {
    if (text.includes('*')) return anyOf(names.map((name) => wildcard(name, text)));
    if (isGuid(text)) return equals(guid)(text);
    return anyOf([
      equals(guid)(text),
      ...names.map((name) => ({ sql: `lower(${name}) = lower(?)`, parameters: [text] })),
    ]);
  };

const textCondition = (text: string): Condition => {
  const inJson = JSON.stringify(text).slice(1, -1);
  return anyOf(
    [...new Set([text, inJson])].map((form) => ({
      sql: 'strpos(lower(data), lower(?)) > 0',
      parameters: [form],
    })),
  );
};

/** Columns are ours, never a caller's. `NOT IN` is never true of null. */
export function exactCondition({ column, values, not }: ExactCondition): Condition {
  const given = values.filter((value) => value !== null);
  const marks = given.map(() => '?').join(', ');
  if (not) {
    return {
      sql: given.length === 0 ? `${column} IS NOT NULL` : `${column} NOT IN (${marks})`,
      parameters: given,
    };
  }
  const alternatives = [
    ...(given.length > 0 ? [`${column} IN (${marks})`] : []),
    ...(given.length < values.length ? [`${column} IS NULL`] : []),
  ];
  return {
    sql: alternatives.length === 0 ? 'FALSE' : `(${alternatives.join(' OR ')})`,
    parameters: given,
  };
}

type Filter = Exclude<keyof EventFilter, 'texts'>;

const FILTERS: readonly (readonly [
  Filter,
  (value: string, wildcard: Wildcard) => Condition,
  typeof anyOf,
])[] = [
  ['guids', equals('guid'), anyOf],
  ['types', typeCondition, anyOf],
  ['notTypes', typeCondition, noneOf],
  ['actors', thing('actor_guid', 'actor_name', 'actor_username'), anyOf],
  ['actorTypes', equals('actor_type'), anyOf],
  ['targets', thing('target_guid', 'target_name'), anyOf],
  ['notTargets', thing('target_guid', 'target_name'), noneOf],
  ['targetTypes', equals('target_type'), anyOf],
  ['spaces', thing('space_guid', 'space_name'), anyOf],
  ['organizations', thing('organization_guid', 'organization_name'), anyOf],
];

/** What of a query is about the events themselves; all of them must hold. */
export function filterConditions(filter: EventFilter, wildcard: Wildcard): Condition[] {
  return [
    ...FILTERS.filter(([name]) => filter[name].length > 0).map(([name, condition, join]) =>
      join(filter[name].map((value) => condition(value, wildcard))),
    ),
    ...filter.texts.map(textCondition),
  ];
}
