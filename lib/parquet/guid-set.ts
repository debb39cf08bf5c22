import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { GuidSet } from '../archive/ports.ts';

/**
 * Count and digest the distinct values of `guid` in a query's rows. Streams: the sort spills to disk, JavaScript sees one chunk at a time.
 *
 * @param rows - SQL of a query with a column `guid`
 */
export async function readGuidSet(connection: DuckDBConnection, rows: string): Promise<GuidSet> {
  const hash = createHash('sha256');
  let events = 0;
  const result = await connection.stream(`SELECT DISTINCT guid FROM (${rows}) ORDER BY guid`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const guids = chunk.getColumnValues(0);
    events += guids.length;
    hash.update(`${guids.join('\n')}\n`);
  }
  return { events, guidDigest: hash.digest('hex') };
}
