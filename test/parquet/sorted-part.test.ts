import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { Pace } from '../../lib/parquet/pace.ts';
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

const unhurried = new Pace(() => Number.POSITIVE_INFINITY);

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
        identity: 'these',
        pace: unhurried,
        memoryLimit: '256MB',
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

    await writeSortedPart(connection, {
      rows,
      count: 100,
      file: part,
      directory: join(folder, 'sorted'),
      identity: 'these',
      pace: unhurried,
      memoryLimit: '256MB',
    });

    expect(await readFile(part)).toEqual(await readFile(whole));
  });

  describe('that ran out of time', () => {
    const count = 40_000;
    const rows = rowsOf(count, "'o'");
    let ranged: Parameters<typeof writeSortedPart>[1];

    /** A run with time for so many steps. */
    const stepsOf = (steps: number) => {
      let left = steps;
      const pace = new Pace(() => (left-- > 0 ? Number.POSITIVE_INFINITY : 0));
      pace.done();
      return pace;
    };
    const deadline = { code: 'DEADLINE_REACHED', message: expect.stringContaining('next run') };

    beforeEach(() => {
      ranged = {
        rows,
        count,
        file: join(folder, 'part.parquet'),
        directory: join(folder, 'sorted'),
        identity: 'these',
        pace: unhurried,
        memoryLimit: '256MB',
        rangeBytes: 4_000_000,
      };
    });

    it('goes on with the ranges that are missing, and writes what one sort would', async () => {
      const whole = join(folder, 'whole.parquet');
      await writePartFile(connection, rows, whole);
      await expect(
        writeSortedPart(connection, { ...ranged, pace: stepsOf(2) }),
      ).rejects.toMatchObject(deadline);
      const left = await readdir(ranged.directory);
      // Rows that are nowhere any more: only a range that is kept can still have them.
      const rest = `SELECT * FROM (${rows}) WHERE guid NOT IN (SELECT guid FROM read_parquet('${ranged.directory}/range-*.parquet'))`;

      await writeSortedPart(connection, { ...ranged, rows: rest });

      expect(left.sort()).toEqual(['plan.json', 'range-0.parquet', 'range-1.parquet']);
      const columns = ['guid', 'target_guid'] as const;
      expect(await partRowsOf(ranged.file, columns)).toEqual(await partRowsOf(whole, columns));
      expect(await readdir(folder)).not.toContain('sorted');
    });

    it('begins again when the rows are others', async () => {
      await expect(
        writeSortedPart(connection, { ...ranged, pace: stepsOf(2) }),
      ).rejects.toMatchObject(deadline);
      const others = rowsOf(count, "'p'");

      await writeSortedPart(connection, { ...ranged, rows: others, identity: 'others' });

      const organizations = await partRowsOf(ranged.file, ['organization_guid']);
      expect(new Set(organizations.map(({ organization_guid }) => organization_guid))).toEqual(
        new Set(['p']),
      );
    });

    it('leaves a day that is sorted at once to the next run, too', async () => {
      const { rangeBytes: _, ...atOnce } = ranged;

      await expect(
        writeSortedPart(connection, { ...atOnce, pace: stepsOf(0) }),
      ).rejects.toMatchObject(deadline);
    });
  });
});
