import type { DuckDBConnection } from '@duckdb/node-api';
import type { PageFacts } from '../archive/ports.ts';
import { secondText } from '../domain/instant.ts';
import type { Window } from '../domain/window.ts';
import { sqlText } from '../duckdb/open-duckdb.ts';

const timestamp = (instant: Date): string => `TIMESTAMP ${sqlText(secondText(instant))}`;

/** What the staged rows of a page say: how many, up to which second, and whether they are shown in order inside the page's window. */
export async function readPageFacts(
  connection: DuckDBConnection,
  page: number,
  window: Window,
): Promise<Omit<PageFacts, 'page' | 'totalResults'>> {
  const [facts] = (
    await connection.runAndReadAll(
      `WITH rows AS (
         SELECT date_trunc('second', created_at) AS second, created_at, seq, lag(created_at) OVER (ORDER BY seq) AS before
         FROM staged WHERE page = ${page}
       ), last AS (SELECT arg_max(second, seq) AS second FROM rows)
       SELECT
         count(*) AS rows,
         epoch_ms(any_value(last.second)) AS last_second,
         count(*) FILTER (rows.second < last.second) AS before_last,
         coalesce(bool_and(created_at >= ${timestamp(window.from)} AND created_at < ${timestamp(window.to)} AND coalesce(before <= created_at, true)), true) AS ordered
       FROM rows, last`,
    )
  ).getRowObjectsJS();
  const lastSecond = facts?.last_second;
  return {
    rows: Number(facts?.rows),
    lastSecond: lastSecond == null ? undefined : new Date(Number(lastSecond)),
    rowsBeforeLastSecond: Number(facts?.before_last),
    ordered: facts?.ordered === true,
  };
}
