import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

let foundation: SampleFoundation;
let cc: CloudControllerClient;

/** 30 events, one a minute, `e00` the oldest. */
const START = micros('2026-03-10T12:00:00Z');
const thirtyEvents = Array.from({ length: 30 }, (_, number) =>
  anEventRecord({
    guid: `e${String(number).padStart(2, '0')}`,
    created_at: START + number * 60_000_000,
  }),
);
const allGuids = thirtyEvents.map(({ guid }) => guid);

beforeEach(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-11T00:00:00Z'),
    records: theRecords({ events: thirtyEvents }),
  });
  cc = await aClientOf(foundation);
});

afterEach(() => foundation.close());

describe('CC §2.1 two statements', () => {
  it('lets total_results and rows disagree when rows come between the two', async () => {
    foundation.hooks.betweenCountAndRows = () => {
      foundation.database.insertEvents([anEventRecord({ guid: 'between' })]);
    };

    const page = await cc.list('/v3/audit_events');

    expect(page.pagination.total_results).toBe(30);
    expect(page.resources).toHaveLength(31);
  });

  it('lets them disagree when rows go between the two', async () => {
    foundation.hooks.betweenCountAndRows = async (table) => {
      if (table === 'events') foundation.database.truncateEvents();
    };

    const page = await cc.list('/v3/audit_events');

    expect(page.pagination.total_results).toBe(30);
    expect(page.resources).toEqual([]);
  });

  it('counts anew on every page', async () => {
    const first = await cc.list('/v3/audit_events?per_page=10');
    foundation.database.deleteEvent('e29');
    const second = await cc.list('/v3/audit_events?per_page=10&page=2');

    expect([first, second].map((page) => page.pagination.total_results)).toEqual([30, 29]);
  });
});

describe('CC §2.2 pages while rows come and go', () => {
  const LATE = { guid: 'late', created_at: START + 30_000_000 };

  async function readAll(order: string, afterFirstPage: () => void): Promise<string[]> {
    const found: string[] = [];
    for (let page = 1; ; page++) {
      const query = `per_page=10&page=${page}&order_by=${order}`;
      const { resources, pagination } = await cc.list(`/v3/audit_events?${query}`);
      found.push(...resources.map(({ guid }) => guid));
      if (page === 1) afterFirstPage();
      if (pagination.next === null) return found;
    }
  }

  function deleteFiveOldest(): void {
    for (const guid of allGuids.slice(0, 5)) foundation.database.deleteEvent(guid);
  }

  it('ascending, the five oldest deleted: five rows are never seen', async () => {
    const found = await readAll('created_at', deleteFiveOldest);

    expect(allGuids.filter((guid) => !found.includes(guid))).toEqual(allGuids.slice(10, 15));
    expect(new Set(found).size).toBe(found.length);
  });

  it('descending, the same deletion: nothing lost', async () => {
    const found = await readAll('-created_at', deleteFiveOldest);

    expect(found).toEqual(allGuids.slice(5).reverse());
  });

  it('ascending, a late commit: it is never seen, and another row twice', async () => {
    const found = await readAll('created_at', () => {
      foundation.database.insertEvents([anEventRecord(LATE)]);
    });

    expect(found).not.toContain('late');
    expect(found.filter((guid) => guid === 'e09')).toHaveLength(2);
  });

  it('descending, a new row in front: one row is seen twice', async () => {
    const found = await readAll('-created_at', () => {
      foundation.database.insertEvents([
        anEventRecord({ guid: 'new', created_at: START + 3_600_000_000 }),
      ]);
    });

    expect(found.filter((guid) => guid === 'e20')).toHaveLength(2);
  });
});

describe('CC §2.4 late commits', () => {
  it('shows an event only once it is committed, by its earlier created_at and with its higher id', async () => {
    const insertedLast = anEventRecord({
      guid: 'late',
      created_at: START + 1,
      committed_at: micros('2026-03-11T02:00:00Z'),
    });
    foundation.database.insertEvents([insertedLast]);

    expect((await cc.list('/v3/audit_events')).pagination.total_results).toBe(30);
    expect((await cc.get('/v3/audit_events/late')).status).toBe(404);
    expect(foundation.database.guidsOfDay('2026-03-10')).toHaveLength(30);

    foundation.clock.set(new Date('2026-03-11T02:00:00Z'));

    expect((await cc.guids('/v3/audit_events?order_by=created_at'))[1]).toBe('late');
    expect((await cc.guids('/v3/audit_events')).at(-1)).toBe('late');
    expect(foundation.database.countByDay()).toEqual(new Map([['2026-03-10', 31]]));
    expect((await cc.get('/v3/audit_events/late')).status).toBe(200);
  });
});

describe('CC §2.3 limits and cost', () => {
  it('serves 5000 a page', async () => {
    const events = Array.from({ length: 5001 }, () => anEventRecord({ type: 'many' }));
    foundation.database.insertEvents(events);

    const page = await cc.list('/v3/audit_events?types=many&per_page=5000&order_by=created_at');
    const rest = await cc.list(
      '/v3/audit_events?types=many&per_page=5000&order_by=created_at&page=2',
    );

    expect(page.pagination).toMatchObject({ total_results: 5001, total_pages: 2 });
    expect([...page.resources, ...rest.resources].map(({ guid }) => guid)).toEqual(
      events.map(({ guid }) => guid),
    );
  });
});
