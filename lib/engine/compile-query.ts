import { COLUMNS } from '../domain/columns.ts';
import { dayOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';

/** SQL with positional `?` and a value for each: no value ever stands in the text. */
export interface CompiledQuery {
  readonly sql: string;
  readonly parameters: readonly (string | Date)[];
}

type Condition = { readonly sql: string; readonly parameters: readonly (string | Date)[] };

/** `LIKE` pattern of a text in which `*` stands for any text; `\` escapes. */
const likePattern = (text: string): string =>
  text.replaceAll(/[\\%_]/g, (special) => `\\${special}`).replaceAll('*', '%');

const anyOf = (conditions: readonly Condition[]): Condition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
  parameters: conditions.flatMap(({ parameters }) => parameters),
});

const typeCondition = (type: string): Condition =>
  type.endsWith('.*')
    ? { sql: "type LIKE ? ESCAPE '\\'", parameters: [likePattern(type)] }
    : { sql: 'type = ?', parameters: [type] };

/** GUID or name of a target, space or organization; the columns are ours, never a caller's. */
const thingCondition =
  (thing: 'target' | 'space' | 'organization') =>
  (text: string): Condition =>
    text.includes('*')
      ? {
          sql: `lower(${thing}_name) LIKE lower(?) ESCAPE '\\'`,
          parameters: [likePattern(text)],
        }
      : {
          sql: `${thing}_guid = ? OR lower(${thing}_name) = lower(?)`,
          parameters: [text, text],
        };

/**
 * Compile a query to SQL over a table with the columns of a part and the partition columns `foundation` and `dt`.
 *
 * Both `dt` and `created_at` are always constrained: an engine knows no link between them. An event is found by its displayed instant, so a misplaced one may lie in another day's partition than its own and is not found by it.
 */
export function compileQuery(query: EventQuery, table: string): CompiledQuery {
  const alternatives = (values: readonly string[], toCondition: (value: string) => Condition) =>
    values.length === 0 ? [] : [anyOf(values.map(toCondition))];
  const conditions: Condition[] = [
    {
      sql: `foundation IN (${query.foundations.map(() => '?').join(', ')})`,
      parameters: query.foundations,
    },
    {
      sql: 'dt BETWEEN ? AND ?',
      parameters: [dayOf(query.from), dayOf(plusMs(query.to, -1))],
    },
    { sql: 'created_at >= ?', parameters: [query.from] },
    { sql: 'created_at < ?', parameters: [query.to] },
    ...alternatives(query.types, typeCondition),
    ...alternatives(query.targets, thingCondition('target')),
    ...alternatives(query.spaces, thingCondition('space')),
    ...alternatives(query.organizations, thingCondition('organization')),
  ];
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  return {
    sql: [
      `SELECT ${COLUMNS.map(({ name }) => name).join(', ')}`,
      `FROM ${table}`,
      `WHERE ${conditions.map(({ sql }) => sql).join('\n  AND ')}`,
      `ORDER BY created_at ${direction}, guid ${direction}`,
      `LIMIT ${query.limit + 1}`,
    ].join('\n'),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
