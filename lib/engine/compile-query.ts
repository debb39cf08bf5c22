import { COLUMNS } from '../domain/columns.ts';
import type { Position } from '../domain/cursor.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { DayPage, DayRange } from '../query/ports.ts';
import {
  type Condition,
  exactCondition,
  filterConditions,
  type SqlValue,
  type Wildcard,
} from './conditions.ts';
import { partitionsOf, type TimeRange } from './partitions.ts';
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
  /** Only rows that are shown in this part of the query's range; default: all of it. */
  readonly window?: TimeRange | undefined;
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
 * Both `dt` and `created_at` are always constrained: an engine knows no link between them. An event is found by its displayed instant; a misplaced one is not found where its partition lies outside the query's days.
 * The position is written out as OR: Trino pushes that form down, and not the one of rows.
 */
export function compileQuery(
  query: EventQuery,
  { table, wildcard, window = query, after, limit, page, visibility }: CompileOptions,
): CompiledQuery {
  const conditions: Condition[] = [
    ...queryConditions(query, {
      visibility,
      wildcard,
      window,
      days: page ?? partitionsOf(query, window, after),
    }),
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
    window = query,
    days = partitionsOf(query, window, undefined),
  }: Pick<CompileOptions, 'visibility' | 'wildcard' | 'window'> & {
    readonly days?: DayRange | undefined;
  },
): Condition[] {
  return [
    {
      sql: `foundation IN (${query.foundations.map(() => '?').join(', ')})`,
      parameters: query.foundations,
    },
    { sql: 'dt BETWEEN ? AND ?', parameters: [days.first, days.last] },
    { sql: 'created_at >= ?', parameters: [window.from] },
    { sql: 'created_at < ?', parameters: [window.to] },
    ...filterConditions(query, wildcard),
    ...query.exactly.map(exactCondition),
    ...visibilityConditions(visibility),
  ];
}

function behind({ createdAt, guid }: Position, order: EventQuery['order']): Condition {
  const is = order === 'newest' ? '<' : '>';
  return {
    sql: `(created_at ${is} ? OR (created_at = ? AND guid ${is} ?))`,
    parameters: [createdAt, createdAt, guid],
  };
}
