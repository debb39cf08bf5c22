import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventRow } from '../../lib/domain/columns.ts';
import { dayOf, daysFrom } from '../../lib/domain/day.ts';
import type { ObjectStore } from '../../lib/domain/object-store.ts';
import { SEES_ALL, type Visibility } from '../../lib/domain/visibility.ts';
import type { QueryEngine, RowsWanted } from '../../lib/query/ports.ts';
import { type SearchContext, searchEvents, streamEvents } from '../../lib/query/search-events.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';

const PART = 'events/v1/foundation=eu-1/dt=2026-03-10/part-0000.parquet';
const ROWS = ['c', 'b', 'a'].map((guid) => anEventRow({ guid }));
const NOTHING: Visibility = { kind: 'scoped', spaces: [], organizations: [] };
const ONE_SPACE: Visibility = { kind: 'scoped', spaces: ['space-1'], organizations: [] };

let asked: RowsWanted[];
let listed: string[];
beforeEach(() => {
  asked = [];
  listed = [];
});

const store = {
  async *list(prefix: string) {
    listed.push(prefix);
    if (PART.startsWith(prefix)) yield { key: PART, bytes: 1, modifiedAt: new Date() };
  },
} as unknown as ObjectStore;

const engine = {
  rows(_query: unknown, _parts: unknown, wanted: RowsWanted) {
    asked.push(wanted);
    const rows = async function* (): AsyncGenerator<readonly EventRow[]> {
      yield ROWS.slice(0, wanted.limit);
    };
    return { batches: rows(), scannedBytes: () => 1, dollars: () => 0 };
  },
} as unknown as QueryEngine;

const aContext = (visibility: Visibility, subject?: string): SearchContext => ({
  store,
  engine,
  coverage: async (foundation, first, last) =>
    daysFrom(first ?? last, last).map((dt) => ({ foundation, dt, state: 'closed' })),
  cursorKey: async () => new Uint8Array(32),
  today: dayOf(new Date('2026-03-31T00:00:00Z')),
  visibility,
  subject,
});

describe('what somebody may see', () => {
  it('goes to the engine, for a page and for all rows', async () => {
    await searchEvents(aContext(ONE_SPACE), anEventQuery());
    await Array.fromAsync((await streamEvents(aContext(ONE_SPACE), anEventQuery())).batches);

    expect(asked.map(({ visibility }) => visibility)).toEqual([ONE_SPACE, ONE_SPACE]);
  });

  it('being nothing, is answered without the engine and the listing, and with coverage', async () => {
    const page = await searchEvents(aContext(NOTHING), anEventQuery());
    const stream = await streamEvents(aContext(NOTHING), anEventQuery());

    expect(page).toMatchObject({ events: [], nextCursor: null, coverage: { complete: true } });
    expect(page.coverage.days.closed).toBe(31);
    expect(await Array.fromAsync(stream.batches)).toEqual([]);
    expect({ asked, listed }).toEqual({ asked: [], listed: [] });
  });

  it('being scoped, is of one foundation', async () => {
    const query = anEventQuery({ foundations: ['eu-1', 'us-1'] });

    await expect(searchEvents(aContext(ONE_SPACE), query)).rejects.toMatchObject({
      code: 'QUERY_INVALID',
    });
    await expect(searchEvents(aContext(SEES_ALL), query)).resolves.toMatchObject({});
  });

  it('may change between two pages, and counts as it is then; a cursor of somebody else is refused', async () => {
    const query = anEventQuery({ limit: 2 });
    const { nextCursor } = await searchEvents(aContext(SEES_ALL, 'eu-1 ann'), query);
    const cursor = nextCursor ?? '';

    await searchEvents(aContext(ONE_SPACE, 'eu-1 ann'), query, cursor);

    expect(asked.at(-1)).toMatchObject({ visibility: ONE_SPACE, after: { guid: 'b' } });
    for (const other of ['eu-1 bob', 'us-1 ann', undefined]) {
      await expect(searchEvents(aContext(SEES_ALL, other), query, cursor)).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      });
    }
  });
});
