import { COLUMNS } from '../domain/columns.ts';
import type { Position } from '../domain/cursor.ts';
import { DAY_MS, dayOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { DayPage, DayRange } from '../query/ports.ts';
import {
  type Condition,
  exactCondition,
  filterConditions,
  type SqlValue,
  type Wildcard,
} from './conditions.ts';
import { visibilityConditions } from './visibility-condition.ts';

/** SQL with positional `?` and a value for each: no value ever stands in the text. */
export interface CompiledQuery {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export interface CompileOptions {
  /** A table with the columns of a part and the partition columns `foundation` and `dt`; spliced in as it is. */
  readonly table: string;
  /** How the engine is asked for a text with `*`. */
  readonly wildcard: Wildcard;
  /** Only rows behind this one, in the query's order. */
  readonly after?: Position | undefined;
  /** Rows at most; undefined: all. */
  readonly limit?: number | undefined;
  /** Only rows of these partitions, in their order, from the given one on. */
  readonly page?: DayPage | undefined;
  /** Only rows that whoever asks may see. */
  readonly visibility: Visibility;
}

/**
 * Compile a query to SQL.
 *
 * Both `dt` and `created_at` are always constrained: an engine knows no link between them. An event is found by its displayed instant, so a misplaced one may lie in another day's partition than its own and is not found by it.
 * The position is written out as OR: Trino pushes that form down, and not the one of rows.
 */
export function compileQuery(
  query: EventQuery,
  { table, wildcard, after, limit, page, visibility }: CompileOptions,
): CompiledQuery {
  const conditions: Condition[] = [
    ...queryConditions(query, { visibility, wildcard, days: page ?? daysBehind(query, after) }),
    ...(after ? [behind(after, query.order)] : []),
  ];
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  const wanted = new Set<string>(['guid', 'created_at', ...query.columns]);
  const columns = COLUMNS.map(({ name }) => name).filter((name) => wanted.has(name));
  const order = [...(page ? ['dt'] : []), 'created_at', 'guid'];
  return {
    sql: [
      `SELECT ${columns.join(', ')}`,
      `FROM ${table}`,
      `WHERE ${conditions.map(({ sql }) => sql).join('\n  AND ')}`,
      `ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')}`,
      ...(page && page.offset > 0 ? [`OFFSET ${page.offset}`] : []),
      ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
    ].join('\n'),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** What a row must be like to answer a query and to be seen. */
export function queryConditions(
  query: EventQuery,
  {
    visibility,
    wildcard,
    days = daysBehind(query, undefined),
  }: Pick<CompileOptions, 'visibility' | 'wildcard'> & { readonly days?: DayRange | undefined },
): Condition[] {
  return [
    {
      sql: `foundation IN (${query.foundations.map(() => '?').join(', ')})`,
      parameters: query.foundations,
    },
    { sql: 'dt BETWEEN ? AND ?', parameters: [days.first, days.last] },
    { sql: 'created_at >= ?', parameters: [query.from] },
    { sql: 'created_at < ?', parameters: [query.to] },
    ...filterConditions(query, wildcard),
    ...query.exactly.map(exactCondition),
    ...visibilityConditions(visibility),
  ];
}

/**
 * The partitions in which rows of a query lie behind a position.
 *
 * A misplaced event lies within a day of its own: so near the position one day more is looked at.
 */
export function daysBehind(
  { from, to, order }: Pick<EventQuery, 'from' | 'to' | 'order'>,
  after: Position | undefined,
): DayRange {
  const [first, last] = [dayOf(from), dayOf(plusMs(to, -1))];
  if (after === undefined) return { first, last };
  const [before, behind] = [
    dayOf(plusMs(after.createdAt, -DAY_MS)),
    dayOf(plusMs(after.createdAt, DAY_MS)),
  ];
  return order === 'newest'
    ? { first, last: behind < last ? behind : last }
    : { first: before > first ? before : first, last };
}

function behind({ createdAt, guid }: Position, order: EventQuery['order']): Condition {
  const is = order === 'newest' ? '<' : '>';
  return {
    sql: `(created_at ${is} ? OR (created_at = ? AND guid ${is} ?))`,
    parameters: [createdAt, createdAt, guid],
  };
}
