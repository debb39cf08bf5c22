import type { EventQuery } from '../domain/event-query.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { DayRange, GroupColumn } from '../query/ports.ts';
import { type CompiledQuery, queryConditions } from './compile-query.ts';

export interface CompileGroupsOptions {
  /** As for rows: spliced in as it is. */
  readonly table: string;
  readonly by: readonly GroupColumn[];
  readonly days?: DayRange | undefined;
  readonly visibility: Visibility;
}

/** Compile the groups of a query's rows: the columns grouped by, then count, first and last instant. In no order. */
export function compileGroups(
  query: EventQuery,
  { table, by, days, visibility }: CompileGroupsOptions,
): CompiledQuery {
  const conditions = queryConditions(query, visibility, days);
  return {
    sql: [
      `SELECT ${by.join(', ')}, count(*) AS count_of_rows, min(created_at) AS first_at, max(created_at) AS last_at`,
      `FROM ${table}`,
      `WHERE ${conditions.map(({ sql }) => sql).join('\n  AND ')}`,
      `GROUP BY ${by.join(', ')}`,
    ].join('\n'),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
