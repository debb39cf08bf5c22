import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { eventQuerySchema } from '../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { DayCounts } from '../../lib/query/day-counts.ts';
import { pageEvents } from '../../lib/query/page-events.ts';
import type { EventGroup, QueryEngine } from '../../lib/query/ports.ts';
import type { SearchContext } from '../../lib/query/search-events.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';

const foundation = foundationNameSchema.parse('eu-1');
const first = daySchema.parse('2026-03-10');
const second = daySchema.parse('2026-03-11');

let directory: string;
let store: FolderObjectStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'page-events-'));
  store = new FolderObjectStore(directory);
  await store.check();
  for (const day of [first, second]) {
    await store.create(partKey(foundation, day, 0), new Uint8Array(1));
  }
});
afterEach(() => rm(directory, { recursive: true }));

/** The part of the first day holds one event of that day, and one that is shown as of the day after. */
const engine: Pick<QueryEngine, 'groups' | 'rows'> = {
  groups: async ({ to }, parts) => ({
    groups: parts
      .filter(({ dt }) => dt === first)
      .map(
        ({ dt }): EventGroup => ({
          key: [dt],
          rows: to > new Date('2026-03-11T00:00:00Z') ? 2 : 1,
          first: new Date(0),
          last: new Date(0),
        }),
      ),
    scannedBytes: 0,
    dollars: 0,
  }),
  rows: () => ({ batches: noRows(), scannedBytes: () => 0, dollars: () => 0 }),
};

async function* noRows() {
  // Rows are not what is asked about here.
}

it('does not remember the count of a day for a range in which a misplaced event of it counts, too', async () => {
  const counts = new DayCounts();
  const context: SearchContext = {
    store,
    engine: engine as QueryEngine,
    coverage: async () => [{ foundation, dt: first, state: 'closed' }],
    cursorKey: async () => new Uint8Array(32),
    today: second,
    visibility: SEES_ALL,
  };
  const total = async (to: string) => {
    const range = { from: new Date('2026-03-10T00:00:00Z'), to: new Date(to) };
    const query = eventQuerySchema.parse({ foundations: [foundation], ...range });
    return (await pageEvents(context, counts, query, 0)).total;
  };

  expect(await total('2026-03-11T00:00:00Z')).toBe(1);
  expect(await total('2026-03-12T00:00:00Z')).toBe(2);
  expect(await total('2026-03-11T00:00:00Z')).toBe(1);
});
