import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { GuidSet } from '../archive/ports.ts';

/** Enough to sort and count the GUIDs of a huge day. More would be used, but to no end: the sort spills anyway. */
export const COUNT_MEMORY = '96MB';

/** The distinct GUIDs of rows, and how many rows they are. */
export interface CountedGuids extends GuidSet {
  readonly rows: number;
}

/**
 * Count and digest the values of `guid` in a query's rows. Streams: the sort spills to disk, JavaScript sees one chunk at a time. Sorted, equal ones are neighbours:
 * that takes far less memory than to have DuckDB find the distinct ones.
 *
 * @param rows - SQL of a query with a column `guid`
 */
export async function countGuids(
  connection: DuckDBConnection,
  rows: string,
): Promise<CountedGuids> {
  const hash = createHash('sha256');
  let total = 0;
  let events = 0;
  let last: unknown;
  const result = await connection.stream(`SELECT guid FROM (${rows}) ORDER BY guid`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const guids = chunk.getColumnValues(0);
    const distinct = guids.filter(
      (guid, index) => guid !== (index === 0 ? last : guids[index - 1]),
    );
    total += guids.length;
    events += distinct.length;
    last = guids.at(-1);
    if (distinct.length > 0) hash.update(`${distinct.join('\n')}\n`);
  }
  return { rows: total, events, guidDigest: hash.digest('hex') };
}

/** As `countGuids`, of what is a set. */
export async function readGuidSet(connection: DuckDBConnection, rows: string): Promise<GuidSet> {
  const { events, guidDigest } = await countGuids(connection, rows);
  return { events, guidDigest };
}
