import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventRow } from '../../lib/domain/columns.ts';
import type { EventQuery } from '../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { SEES_ALL, type Visibility } from '../../lib/domain/visibility.ts';
import { DuckDBEngine } from '../../lib/engine/duckdb-engine.ts';
import type { ListedPart } from '../../lib/query/ports.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';
import { hostileQueries, hostileRows, hostileVisibilities } from '../support/hostile-queries.ts';
import { referenceAnswer } from '../support/reference-answer.ts';
import { writeRowParts } from '../support/row-parts.ts';

/** How many questions; 100,000 with `npm run test:queries`. */
const QUERIES = Number(process.env.QUERIES ?? 1000);
const SEED = 20260301;

let directory: string;
let rows: EventRow[];
let parts: ListedPart[];
let engine: DuckDBEngine;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'duckdb-engine-'));
  rows = fc
    .sample(hostileRows, { numRuns: 400, seed: SEED })
    .map((row, index) => ({ ...row, guid: `guid-${String(index).padStart(4, '0')}` }));
  parts = await writeRowParts(directory, foundationNameSchema.parse('eu-1'), rows);
  engine = await DuckDBEngine.open({
    workDirectory: directory,
    localPart: async ({ key }) => join(directory, key),
  });
});
afterAll(async () => {
  engine.close();
  await rm(directory, { recursive: true, force: true });
});

async function answer(query: EventQuery, visibility: Visibility = SEES_ALL): Promise<string[]> {
  const guids: string[] = [];
  const { batches } = engine.rows(query, parts, { limit: query.limit, visibility });
  for await (const batch of batches) guids.push(...batch.map(({ guid }) => guid));
  return guids;
}

describe('DuckDBEngine', () => {
  it(
    'gives the rows that the plain reading of query and visibility gives, however hostile they are',
    async () => {
      let found = 0;
      const questions = fc.tuple(hostileQueries, hostileVisibilities);
      for (const [query, visibility] of fc.sample(questions, { numRuns: QUERIES, seed: SEED })) {
        const expected = referenceAnswer(rows, query, visibility);
        const guids = await answer(query, visibility);
        if (guids.join() !== expected.join()) {
          expect({ query, visibility, guids }).toEqual({ query, visibility, guids: expected });
        }
        if (guids.length > 0) found += 1;
      }

      // Otherwise the questions were not worth asking.
      expect(found).toBeGreaterThan(QUERIES / 15);
    },
    60_000 + QUERIES * 60,
  );

  it('streams all rows when there is no limit', async () => {
    const all = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-06T00:00:00Z') };
    const [query] = fc.sample(hostileQueries, { numRuns: 1, seed: 1 });
    const plain = { ...(query as EventQuery), ...all, types: [], notTypes: [], actors: [] };
    const empty = {
      actorTypes: [],
      targets: [],
      notTargets: [],
      targetTypes: [],
      spaces: [],
      organizations: [],
      texts: [],
    };

    let count = 0;
    for await (const batch of engine.rows({ ...plain, ...empty }, parts, { visibility: SEES_ALL })
      .batches) {
      count += batch.length;
    }

    expect(count).toBe(400);
  });

  it('counts the bytes of the days that it asked and of the one beside them, and no others', async () => {
    const days = Array.from({ length: 20 }, (_, day) =>
      anEventRow({ guid: `event-${day}`, created_at: new Date(Date.UTC(2026, 2, day + 1)) }),
    );
    const long = await writeRowParts(directory, foundationNameSchema.parse('eu-2'), days);
    const query = anEventQuery({ foundations: ['eu-2'] });

    const scanned: number[] = [];
    for (const limit of [16, 17, undefined]) {
      const found = engine.rows(query, long, { limit, visibility: SEES_ALL });
      for await (const _ of found.batches);
      scanned.push(found.scannedBytes());
    }

    expect(scanned).toEqual([17, 20, 20]);
  });

  it.each(['dt=2026-03-12', 'foundation=us-1', 'type=production', 'a?b', 'a*b', 'a[1]b', 'a[b'])(
    'takes nothing from the name of a folder above the archive: %s',
    async (folder) => {
      const foundation = foundationNameSchema.parse('eu-1');
      const [own, beside] = [join(directory, folder, 'archive'), join(directory, 'a1b', 'archive')];
      await writeRowParts(beside, foundation, [anEventRow({ guid: 'beside' })]);
      const part = await writeRowParts(own, foundation, [anEventRow({ guid: 'own' })]);
      const below = await DuckDBEngine.open({
        workDirectory: join(directory, folder, 'work'),
        localPart: async ({ key }) => join(own, key),
        guidIndexDirectory: join(directory, folder, 'index'),
      });
      const query = anEventQuery({ guids: ['own', 'beside'] });

      try {
        const { batches } = below.rows(query, part, { visibility: SEES_ALL });
        expect((await Array.fromAsync(batches)).flat()).toEqual([anEventRow({ guid: 'own' })]);
        const { groups } = await below.groups(query, part, {
          by: ['dt', 'type'],
          visibility: SEES_ALL,
        });
        expect(groups).toMatchObject([{ key: ['2026-03-10', 'audit.app.update'], rows: 1 }]);
      } finally {
        below.close();
      }
    },
  );
});
