import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { SEES_ALL, type Visibility } from '../../lib/domain/visibility.ts';
import { DuckDBEngine } from '../../lib/engine/duckdb-engine.ts';
import type { ListedPart } from '../../lib/query/ports.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';
import { writeRowParts } from '../support/row-parts.ts';

const ODD = ['', 'no guid at all', "'; DROP TABLE events; --", '🦊\u2028', 'a\u0000b', 'A'];
const guidOf = (day: number, event: number): string =>
  `${String(day).padStart(8, '0')}-0000-4000-8000-${String(event).padStart(12, '0')}`;

let directory: string;
let archive: string;
let parts: ListedPart[];
let index: string;
let opened: string[];
let engine: DuckDBEngine;

beforeAll(async () => {
  archive = await mkdtemp(join(tmpdir(), 'guid-archive-'));
  const rows = Array.from({ length: 9 }, (_, day) => [
    ...Array.from({ length: 300 }, (_, event) => ({ guid: guidOf(day, event), day })),
    ...(day === 4 ? ODD.map((guid) => ({ guid, day })) : []),
  ]).flat();
  parts = await writeRowParts(
    archive,
    foundationNameSchema.parse('eu-1'),
    rows.map(({ guid, day }) =>
      anEventRow({ guid, created_at: new Date(`2026-03-0${day + 1}T08:00:00Z`) }),
    ),
  );
});
afterAll(() => rm(archive, { recursive: true, force: true }));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'guid-index-'));
  index = join(directory, 'guids');
  opened = [];
  engine = await open(index);
});
afterEach(async () => {
  engine.close();
  await rm(directory, { recursive: true, force: true });
});

const open = (guidIndexDirectory: string): Promise<DuckDBEngine> =>
  DuckDBEngine.open({
    workDirectory: directory,
    guidIndexDirectory,
    localPart: async ({ key, dt }) => {
      opened.push(dt);
      return join(archive, key);
    },
  });

/** What is found, and the days whose parts were opened for it. */
async function ask(guids: readonly string[], visibility: Visibility = SEES_ALL) {
  opened = [];
  const found: string[] = [];
  const rows = engine.rows(anEventQuery({ guids, order: 'oldest' }), parts, {
    limit: 100,
    visibility,
  });
  for await (const batch of rows.batches) found.push(...batch.map(({ guid }) => guid));
  return { found, opened, scanned: rows.scannedBytes() };
}

async function indexFiles(): Promise<string[]> {
  const names = await readdir(index, { recursive: true });
  return names
    .filter((name) => name.includes('.parquet'))
    .sort()
    .map((name) => join(index, name));
}

describe('an event by its GUID', () => {
  it('is found while the index is made, and afterwards without opening parts that do not hold it', async () => {
    const first = await ask([guidOf(6, 17)]);
    const second = await ask([guidOf(6, 17)]);

    expect(first.found).toEqual([guidOf(6, 17)]);
    expect(new Set(first.opened).size).toBe(parts.length);
    expect(second.found).toEqual([guidOf(6, 17)]);
    expect(second.opened).toEqual(['2026-03-07']);
    expect(await indexFiles()).toHaveLength(parts.length);
  });

  it('is found among several, and opens nothing when there is none', async () => {
    await ask(['none']);

    const several = await ask([guidOf(8, 0), 'none', guidOf(0, 299), guidOf(4, 1)]);
    const none = await ask(['none', guidOf(99, 0)]);

    expect(several.found).toEqual([guidOf(0, 299), guidOf(4, 1), guidOf(8, 0)]);
    expect(several.opened).toEqual(['2026-03-01', '2026-03-05', '2026-03-09']);
    expect(none).toMatchObject({ found: [], opened: [] });
  });

  it.each(ODD.filter((guid) => guid !== ''))('is found when it is %j', async (guid) => {
    await ask(['none']);

    const answer = await ask([guid]);

    expect(answer).toMatchObject({ found: [guid], opened: ['2026-03-05'] });
  });

  it.each<[string, (file: string, other: string) => Promise<void>]>([
    ['empty', (file) => truncate(file)],
    ['cut off', (file) => truncate(file, 1_024)],
    ['of another part', async (file, other) => writeFile(file, await readFile(other))],
    ['something else', (file) => writeFile(file, 'no index at all\n')],
    ['gone', (file) => rm(file)],
  ])('is found when its file of the index is %s, and the file is written anew', async (_, harm) => {
    await ask(['none']);
    const files = await indexFiles();
    const whole = await readFile(files[6] ?? '');

    await harm(files[6] ?? '', files[2] ?? '');
    const answer = await ask([guidOf(6, 299)]);

    expect(answer.found).toEqual([guidOf(6, 299)]);
    expect(await readFile(files[6] ?? '')).toEqual(whole);
  });

  it('is found in an archive that was made anew in the same place', async () => {
    await ask(['none']);
    const [first, ...others] = parts;
    const { key } = others[0] as ListedPart;
    // The same key and size, but of another instant: the index of the first part knows nothing of these rows.
    const remade = { ...(first as ListedPart), modifiedAt: new Date(1) };
    const remadeEngine = await DuckDBEngine.open({
      workDirectory: directory,
      guidIndexDirectory: index,
      localPart: async () => join(archive, key),
    });

    const found: string[] = [];
    const query = anEventQuery({ guids: [guidOf(1, 5)] });
    for await (const batch of remadeEngine.rows(query, [remade], { visibility: SEES_ALL }).batches)
      found.push(...batch.map(({ guid }) => guid));
    remadeEngine.close();

    expect(found).toEqual([guidOf(1, 5)]);
  });

  it('is counted without opening parts that do not hold it', async () => {
    await ask(['none']);
    opened = [];

    const { groups } = await engine.groups(anEventQuery({ guids: [guidOf(3, 3)] }), parts, {
      by: ['dt'],
      visibility: SEES_ALL,
    });

    expect(groups).toMatchObject([{ key: ['2026-03-04'], rows: 1 }]);
    expect(opened).toEqual(['2026-03-04']);
  });

  it('does not tell by its bytes whoever may not see it that it is there', async () => {
    await ask(['none']);
    const scoped: Visibility = { kind: 'scoped', spaces: ['another'], organizations: [] };

    const there = await ask([guidOf(3, 3)], scoped);
    const none = await ask(['none'], scoped);

    expect(there.found).toEqual([]);
    expect(there.scanned).toBe(none.scanned);
    expect((await ask([guidOf(3, 3)])).scanned).toBe(1);
  });

  it('is found when the index cannot be written', async () => {
    await writeFile(index, 'a file where the folder should be');

    expect((await ask([guidOf(6, 17)])).found).toEqual([guidOf(6, 17)]);
    expect((await ask([guidOf(2, 3)])).found).toEqual([guidOf(2, 3)]);
  });
});
