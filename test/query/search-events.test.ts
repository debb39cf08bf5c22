import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DayState } from '../../lib/domain/coverage.ts';
import { daySchema } from '../../lib/domain/day.ts';
import { eventQuerySchema } from '../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import type { QueryEngine, RowsWanted } from '../../lib/query/ports.ts';
import { type SearchContext, searchEvents, streamEvents } from '../../lib/query/search-events.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';

const foundation = foundationNameSchema.parse('eu-1');
const day = daySchema.parse('2026-03-11');
const query = eventQuerySchema.parse({
  foundations: [foundation],
  from: new Date('2026-03-11T00:00:00Z'),
  to: new Date('2026-03-12T00:00:00Z'),
});

let directory: string;
let store: FolderObjectStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'search-events-'));
  store = new FolderObjectStore(directory);
  await store.check();
  await store.create(partKey(foundation, day, 0), new Uint8Array(1));
});
afterEach(() => rm(directory, { recursive: true }));

/** What the engine is told when the day is in a state. */
async function toldOf(
  state: DayState,
  search: (context: SearchContext) => Promise<unknown>,
): Promise<RowsWanted | undefined> {
  let told: RowsWanted | undefined;
  const engine: Pick<QueryEngine, 'rows'> = {
    rows: (_query, _parts, wanted) => {
      told = wanted;
      return { batches: noRows(), scannedBytes: () => 0, dollars: () => 0 };
    },
  };
  await search({
    store,
    engine: engine as QueryEngine,
    coverage: async () => [{ foundation, dt: day, state }],
    cursorKey: async () => new Uint8Array(32),
    today: day,
    visibility: { kind: 'all' },
  });
  return told;
}

async function* noRows() {
  // A day whose events do not match.
}

describe.each([
  ['a page', (context: SearchContext) => searchEvents(context, query)],
  ['all rows', (context: SearchContext) => streamEvents(context, query)],
])('the engine asked for %s', (_, search) => {
  it.each(['closed', 'partial', 'lost'] as const)(
    'may give an earlier answer again when the day is %s',
    async (state) => {
      expect(await toldOf(state, search)).toMatchObject({ closed: true });
    },
  );

  it.each(['open', 'missing'] as const)(
    'may not when the day is %s: it may be stored by now',
    async (state) => {
      expect(await toldOf(state, search)).toMatchObject({ closed: false });
    },
  );
});
