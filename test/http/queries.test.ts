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

  it('filters', async () => {
    await asked('/v3/audit_events?target_guids=needle');

    const found = await asked('/api/v1/queries?text=NEEDLE&ticket=inc-*&path=/v3/*');
    const none = await asked('/api/v1/queries?text=needle&user=nobody');

    expect(found.body.questions).toHaveLength(1);
    expect(none.body.questions).toEqual([]);
  });

  it('is not for those who see a part', async () => {
    const { status, body } = await asked('/api/v1/queries', 'scoped');

    expect([status, body.errors[0].title]).toEqual([403, 'CF-NotAuthorized']);
  });
});
