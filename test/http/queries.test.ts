import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import { API, anHttpRig, answerOf, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord } from '../support/sample-foundation/records.ts';

let rig: HttpRig;
let asked: (path: string, visibility?: 'scoped') => ReturnType<typeof answerOf>;
beforeAll(async () => {
  rig = await anHttpRig({ events: [anEventRecord()] });
  const { store } = rig.archive();
  let millis = 0;
  const now = () => new Date(rig.sample.clock.now().getTime() + millis++);
  const log = createQueryLog({ store, seesAll: () => true, now, tool: 'test/1' });
  asked = async (path, visibility) => {
    const site = aSite(
      visibility && {
        visibility: async () => ({ kind: 'scoped', spaces: ['space-1'], organizations: [] }),
      },
    );
    const app = rig.another({ sites: [site], log });
    return answerOf(
      await app.request(new Request(`${API}${path}`, { headers: { 'x-ticket': 'INC-4711' } })),
    );
  };
});
afterAll(() => rig.close());

describe('GET /api/v1/queries', () => {
  it('tells who asked what, page by page, and is on record itself', async () => {
    await asked('/v3/audit_events?target_guids=app-1&types=audit.app.start');
    await asked('/v3/audit_events?types[bad]=x');

    const { status, body } = await asked('/api/v1/queries?limit=1');
    const next = await asked(`/api/v1/queries?limit=5&cursor=${body.next_cursor}`);

    expect(status).toBe(200);
    expect(body.questions).toMatchObject([
      { path: '/v3/audit_events', status: 400, outcome: 'BadQueryParameter', rows: 0 },
    ]);
    expect(next.body.questions).toMatchObject([
      {
        parameters: [
          ['target_guids', 'app-1'],
          ['types', 'audit.app.start'],
        ],
        purpose: 'INC-4711',
        outcome: 'answered',
        user: { name: 'ann' },
      },
    ]);
    expect(next.body.next_cursor).toBeNull();
    const { body: own } = await asked('/api/v1/queries?path=/api/v1/queries');
    expect(own.questions).toHaveLength(2);
  });

  it('finds who opened an event by its GUID, which stands in the path', async () => {
    await asked('/v3/audit_events/1f2e-Event');
    await asked('/api/v1/events/1f2e-event');

    const { body } = await asked('/api/v1/queries?text=1F2E-EVENT&path=*event');

    expect(body.questions.map(({ path }: { path: string }) => path)).toEqual([
      '/api/v1/events/1f2e-event',
      '/v3/audit_events/1f2e-Event',
    ]);
  });

  it('filters', async () => {
    await asked('/v3/audit_events?target_guids=needle');

    const found = await asked('/api/v1/queries?text=NEEDLE&ticket=inc-*&path=/v3/*');
    const none = await asked('/api/v1/queries?text=needle&user=nobody');

    expect(found.body.questions).toHaveLength(1);
    expect(none.body.questions).toEqual([]);
  });

  it.each([
    ['user=', 'user: write a GUID or a name'],
    [`text=${'x'.repeat(1025)}`, 'text: a text has 1,024 characters at most'],
    [`ticket=${'x'.repeat(1025)}`, 'ticket: a purpose has 1,024 characters at most'],
    [Array.from({ length: 101 }, () => 'client=a').join('&'), 'client: give at most 100 values'],
    ['path=&outcome=', 'path: write a path, outcome: write an outcome'],
    ['cursor=forged', 'cursor: it is not one of this log'],
    ['cursor=', 'cursor: it is not one of this log'],
    ['cursor=2026-03-12T06:00:00.000Z-../../x', 'cursor: it is not one of this log'],
    ['cursor=2026-13-12T06:00:00.000Z-00', 'cursor: it is not one of this log'],
    ['limit=0', 'limit must be at least 1'],
    ['from=0001', 'from 0001: write a UTC day'],
    ['type=x', "Unknown query parameter(s): 'type'"],
  ])('refuses %s', async (query, message) => {
    const { status, body } = await asked(`/api/v1/queries?${query}`);

    expect([status, body.errors[0].title]).toEqual([400, 'CF-BadQueryParameter']);
    expect(body.errors[0].detail).toContain(`The query parameter is invalid: ${message}`);
  });

  it.each(['user=%00', "text=' OR 1=1 --", 'path=%25', 'address=%F0%9F%99%82'])(
    'finds nothing for %s',
    async (query) => {
      const { status, body } = await asked(`/api/v1/queries?${query}`);

      expect([status, body.questions]).toEqual([200, []]);
    },
  );

  it('answers soon whatever the range, and keeps to the longest one that may be asked for', async () => {
    const before = performance.now();
    const { status, body } = await asked('/api/v1/queries?from=0001-01-01&path=/v3/*');

    expect([status, body.questions.length > 0]).toEqual([200, true]);
    expect(performance.now() - before).toBeLessThan(5_000);
    const short = rig.another({}, { maxRangeMs: 2 * 86_400_000 });
    const long = await answerOf(await short.request(`${API}/api/v1/queries?from=0001-01-01`));
    expect([long.status, long.body.errors[0].detail]).toEqual([
      422,
      expect.stringContaining('max_range allows 2'),
    ]);
  });

  it('is not for those who see a part', async () => {
    const { status, body } = await asked('/api/v1/queries', 'scoped');

    expect([status, body.errors[0].title]).toEqual([403, 'CF-NotAuthorized']);
  });
});
