import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportRows } from '../../lib/cli/export-output.ts';
import { COLUMNS, type EventRow } from '../../lib/domain/columns.ts';
import { ParquetExport } from '../../lib/parquet/export-parquet.ts';
import { eventsExport } from '../../lib/report/events-source.ts';
import { aTerminal } from '../support/captured-terminal.ts';
import { partMetadataOf, partRowsOf } from '../support/parquet/part-reader.ts';
import { aBareRow, aRow, batchesOf } from './support/rows.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'export-parquet-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** `row-000042`, so that texts are in the order of numbers. */
const numbered = (index: number): string => `row-${String(index).padStart(6, '0')}`;

async function* manyRows(count: number): AsyncGenerator<readonly EventRow[]> {
  for (let from = 0; from < count; from += 2_000) {
    yield Array.from({ length: Math.min(2_000, count - from) }, (_, index) =>
      aRow({ guid: numbered(count - from - index), data: '{"n":1.0}' }),
    );
  }
}

describe('an export of events as Parquet', () => {
  it('has the columns of a part, and every value as it was', async () => {
    const file = join(directory, 'events.parquet');
    const rows = [
      aRow({ guid: 'b', target_name: '', data: '{"at":1772000000123456789}', extra: '{"x":1}' }),
      aBareRow({ guid: 'a' }),
      aRow({ guid: 'd', data: `{"manifest":"${'é'.repeat(2_000_000)}"}` }),
      aRow({ guid: 'c', target_name: '=1\'"\n\u2028\u0000😀', space_guid: null }),
    ];

    await exportRows(
      eventsExport(batchesOf(rows.slice(0, 1), [], rows.slice(1))),
      'parquet',
      file,
      aTerminal(),
    );

    expect(await partRowsOf(file)).toEqual(rows);
    const { schema, row_groups } = await partMetadataOf(file);
    expect(schema.slice(1).map(({ name }) => name)).toEqual(COLUMNS.map(({ name }) => name));
    expect(schema.find(({ name }) => name === 'created_at')).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', unit: 'MILLIS' },
    });
    expect(row_groups[0]?.columns[0]?.meta_data?.codec).toBe('ZSTD');
  });

  it('keeps the order of the answer over many row groups', async () => {
    const file = join(directory, 'many.parquet');

    await exportRows(
      eventsExport(manyRows(150_001), ['guid', 'data']),
      'parquet',
      file,
      aTerminal(),
    );

    const rows = await partRowsOf(file, ['guid']);
    expect(rows).toHaveLength(150_001);
    expect(rows.every(({ guid }, index) => guid === numbered(150_001 - index))).toBe(true);
    expect((await partMetadataOf(file)).row_groups.length).toBeGreaterThanOrEqual(3);
  });

  it('is a file without rows when there are none', async () => {
    const file = join(directory, 'empty.parquet');
    const terminal = aTerminal();

    await exportRows(eventsExport(batchesOf()), 'parquet', file, terminal);

    expect(await partRowsOf(file)).toEqual([]);
    expect(terminal.stderr()).toMatch(/: 0 rows, /);
  });

  it('leaves nothing in the work folder', async () => {
    const work = join(directory, 'work');
    const parquet = await ParquetExport.open(work, [{ name: 'a "b"', type: 'text' }]);
    await parquet.append([['x']]);

    await parquet.close();

    expect(await readdir(work)).toEqual([]);
  });
});
