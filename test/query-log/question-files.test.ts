import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QuestionRow } from '../../lib/domain/question-columns.ts';
import { questionFilterSchema } from '../../lib/domain/question-filter.ts';
import { DuckDBQuestionDays } from '../../lib/parquet/question-days.ts';
import { HyparquetQuestionFiles } from '../../lib/parquet/question-files.ts';

/** Few pieces, so that filters hit; among them all that LIKE, JSON and regular expressions treat specially. */
const PIECES = ['a', 'B', 'Ä', '%', '_', '\\', '.', '"', '\n', '😀', '(', '/v3/'];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((all) => all.join(''));
const maybe = fc.option(text, { nil: null });
const instant = fc.integer({ min: 0, max: 9 }).map((n) => new Date(Date.UTC(2026, 2, 1, n)));

const row = fc.record({
  logged_at: instant,
  asked_at: instant,
  user_guid: text,
  user_name: maybe,
  client_id: text,
  sees: fc.constant('all'),
  address: maybe,
  path: text,
  parameters: fc.array(fc.tuple(text, text), { maxLength: 2 }).map((all) => JSON.stringify(all)),
  purpose: maybe,
  status: fc.constant(200),
  outcome: text,
  row_count: fc.integer({ min: 0, max: 2 ** 40 }),
  scanned_bytes: fc.constant(0),
  complete: fc.constant(null),
  entry: text,
});

const wanted = fc
  .array(fc.constantFrom(...PIECES, '*', '*'), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(''));
const few = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(wanted, { minLength: 1, maxLength: 3 }) },
);
const search = fc.record({
  filter: fc.record({
    from: fc.constant(new Date(Date.UTC(2026, 2, 1, 1))),
    to: instant,
    users: few,
    clients: few,
    paths: few,
    purposes: few,
    outcomes: few,
    addresses: few,
    texts: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.constantFrom('A', 'ä', '"', '\\', '%').map((one) => [one]) },
    ),
  }),
  order: fc.constantFrom('newest' as const, 'oldest' as const),
  after: fc.option(
    fc.integer({ min: 0, max: 99 }).map((n) => `id-${n}`),
    { nil: undefined },
  ),
  limit: fc.integer({ min: 1, max: 8 }),
});

describe('the query log, read without a database', () => {
  let directory: string;
  let files: readonly string[];
  let unrolled: readonly QuestionRow[];
  let database: DuckDBQuestionDays;
  const reader = new HyparquetQuestionFiles();
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'question-files-'));
    database = new DuckDBQuestionDays(join(directory, 'spill'));
    const rows: QuestionRow[] = fc
      .sample(row, { numRuns: 90, seed: 1 })
      .map((each, index) => ({ id: `id-${String(index).padStart(2, '0')}`, ...each }));
    files = [join(directory, 'a.parquet'), join(directory, 'b.parquet')];
    await database.write(
      rows.filter((_, index) => index % 3 === 0),
      files[0] ?? '',
    );
    await database.write(
      rows.filter((_, index) => index % 3 === 1),
      files[1] ?? '',
    );
    unrolled = rows.filter((_, index) => index % 3 === 2);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('gives the rows of a file as the database does', async () => {
    for (const file of files) expect(await reader.read(file)).toEqual(await database.read(file));
  });

  it('finds what the database finds, whatever is looked for', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(search, async ({ filter, ...page }) => {
        const parsed = questionFilterSchema.parse(filter);

        const rows = await reader.find(files, unrolled, parsed, page);

        expect(rows).toEqual(await database.find(files, unrolled, parsed, page));
        found += rows.length;
      }),
      { numRuns: 60, seed: 2 },
    );
    expect(found).toBeGreaterThan(30);
  });

  it('refuses what is no rolled day', async () => {
    const file = join(directory, 'c.parquet');
    await writeFile(file, 'no Parquet');

    await expect(reader.read(file)).rejects.toMatchObject({ code: 'PART_INVALID' });
  });
});
