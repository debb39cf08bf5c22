import { describe, expect, it } from '@jest/globals';
import { eventsCsv, eventsJson, eventsNdjson } from '../../lib/report/export-events.ts';
import { csvExport, jsonExport, ndjsonExport } from '../../lib/report/export-text.ts';
import { parseCsv } from './support/parse-csv.ts';
import { aRow, batchesOf, textOf } from './support/rows.ts';

const rows = [
  aRow({ guid: 'event-1', data: '{"at":1772000000123456789,"n":1.0}' }),
  aRow({ guid: 'event-2', target_name: '=1+1', data: null }),
];

describe('eventsNdjson', () => {
  it('gives an event a line, with names, data digit for digit', async () => {
    const text = await textOf(eventsNdjson(batchesOf(rows.slice(0, 1), [], rows.slice(1))));

    const lines = text.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe('');
    expect(lines[0]).toContain('"data":{"at":1772000000123456789,"n":1.0}');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      guid: 'event-2',
      target: { name: '=1+1' },
      space: { guid: 'space-1', name: 'payments' },
      organization: { guid: 'organization-1', name: 'shop' },
    });
  });
});

describe('eventsJson', () => {
  it('is one array of the same events', async () => {
    const text = await textOf(eventsJson(batchesOf(rows)));

    const lines = (await textOf(eventsNdjson(batchesOf(rows)))).trim().split('\n');
    expect(text).toBe(`[\n${lines.join(',\n')}\n]\n`);
  });

  it('is an empty array of nothing', async () => {
    expect(await textOf(eventsJson(batchesOf()))).toBe('[]\n');
  });
});

describe('eventsCsv', () => {
  it('has the columns of the archive, or those asked for', async () => {
    const [header, first] = parseCsv(await textOf(eventsCsv(batchesOf(rows))));

    expect(header?.slice(0, 4)).toEqual(['guid', 'created_at', 'updated_at', 'type']);
    expect(first?.slice(0, 2)).toEqual(['event-1', '2026-03-10T08:00:00.000Z']);
    expect(
      parseCsv(await textOf(eventsCsv(batchesOf(rows), ['target_name', 'data']))).slice(1),
    ).toEqual([
      ['checkout', '{"at":1772000000123456789,"n":1.0}'],
      ["'=1+1", null],
    ]);
  });
});

describe('exports', () => {
  /** Hands out batches while it counts how far its reader is ahead of what it was given. */
  async function* manyRows(batches: number, seen: { batches: number }): AsyncGenerator<string[]> {
    for (seen.batches = 1; seen.batches <= batches; seen.batches += 1) {
      yield Array.from(
        { length: 100 },
        (_, index) => `"row ${seen.batches} ${index} ${'x'.repeat(100)}"`,
      );
    }
  }

  it.each([
    ['CSV', (rows: AsyncIterable<string[]>) => csvExport(['a'], wrap(rows))],
    ['NDJSON', ndjsonExport],
    ['JSON', (rows: AsyncIterable<string[]>) => jsonExport(rows)],
  ])('reads rows of %s only as fast as they are written', async (_, format) => {
    const seen = { batches: 0 };
    const chunks = format(manyRows(1000, seen))[Symbol.asyncIterator]();

    const { value } = await chunks.next();

    expect(value?.length).toBeGreaterThan(60_000);
    expect(value?.length).toBeLessThan(100_000);
    expect(seen.batches).toBeLessThan(10);
    await chunks.return?.();
  });

  async function* wrap(rows: AsyncIterable<string[]>): AsyncGenerator<string[][]> {
    for await (const batch of rows) yield batch.map((cell) => [cell]);
  }
});
