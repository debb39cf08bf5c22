import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { writePartFile } from '../../lib/parquet/part-file.ts';
import { writeSortedPart } from '../../lib/parquet/sorted-part.ts';
import { partMetadataOf, partRowsOf } from '../support/parquet/part-reader.ts';

let folder: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sorted-part-'));
  instance = await openDuckDB({ tempDirectory: join(folder, 'spill') });
  connection = await instance.connect();
});

afterEach(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

/** Rows of a part in no order, their organizations as given. */
const rowsOf = (count: number, organization: string): string => {
  const at = "TIMESTAMP_MS '2026-03-01 12:00:00'";
  const nulls = ['actor_guid', 'actor_type', 'actor_name', 'actor_username', 'target_type']
    .concat(['target_name', 'space_name', 'organization_name', 'extra'])
    .map((name) => `NULL::VARCHAR AS ${name}`)
    .join(', ');
  return `SELECT format('{:05d}', n) AS guid, ${at} + to_seconds(n % 11) AS created_at, ${at} AS updated_at, 't' AS type, ${nulls},
    CASE WHEN n % 3 > 0 THEN 't' || n % 17 END AS target_guid, CASE WHEN n % 5 > 0 THEN 's' || n % 7 END AS space_guid,
    ${organization} AS organization_guid, '{}' AS data, ${at} AS collected_at
    FROM (SELECT (i * 7919) % ${count} AS n FROM range(${count}) AS numbers(i))`;
};

const organizations: readonly (readonly [string, string])[] = [
  ['many', "['', 'Z', 'a', 'ä', '😀', '\uffee', 'o''1', NULL][1 + n % 8]"],
  ['one', "'o'"],
  ['none', 'NULL::VARCHAR'],
  ['one or none', "CASE WHEN n % 2 = 0 THEN 'o' END"],
];

describe('writeSortedPart', () => {
  it.each(organizations)(
    'in ranges, of %s organizations, writes what one sort would',
    async (_, organization) => {
      const count = 110_000;
      const rows = rowsOf(count, organization);
      const [whole, ranged] = [join(folder, 'whole.parquet'), join(folder, 'ranged.parquet')];
      await writePartFile(connection, rows, whole);
      const directory = join(folder, 'sorted');

      await writeSortedPart(connection, {
        rows,
        count,
        file: ranged,
        directory,
        rangeBytes: 5_000_000,
      });

      const columns = ['guid', 'organization_guid', 'space_guid', 'target_guid'] as const;
      expect(await partRowsOf(ranged, columns)).toEqual(await partRowsOf(whole, columns));
      const { row_groups } = await partMetadataOf(ranged);
      const sizes = row_groups.map(({ num_rows }) => Number(num_rows));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
      expect(sizes.slice(0, -1).filter((size) => size < 51_200 || size > 53_248)).toEqual([]);
      expect(await readdir(folder)).not.toContain('sorted');
    },
  );

  it('writes a small day at once', async () => {
    const rows = rowsOf(100, "'o'");
    const [whole, part] = [join(folder, 'whole.parquet'), join(folder, 'part.parquet')];
    await writePartFile(connection, rows, whole);

    await writeSortedPart(connection, { rows, count: 100, file: part, directory: '/dev/null' });

    expect(await readFile(part)).toEqual(await readFile(whole));
  });
});
