import type { EventQuery } from '../domain/event-query.ts';
import type { DayRange, GroupColumn } from '../query/ports.ts';
import { type CompiledQuery, type CompileOptions, queryConditions } from './compile-query.ts';

export interface CompileGroupsOptions
  extends Pick<CompileOptions, 'table' | 'wildcard' | 'visibility'> {
  readonly by: readonly GroupColumn[];
  readonly days?: DayRange | undefined;
}

/** Compile the groups of a query's rows: the columns grouped by, then count, first and last instant. In no order. */
export function compileGroups(
  query: EventQuery,
  { table, by, days, ...options }: CompileGroupsOptions,
): CompiledQuery {
  const conditions = queryConditions(query, { ...options, days });
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
