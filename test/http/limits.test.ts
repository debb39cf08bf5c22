import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import type { HttpOptions, HttpPorts } from '../../lib/http/ports.ts';
import { anEventRow } from '../support/event-rows.ts';
import { ANN, API, anHttpRig, answerOf, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const BOB = { ...ANN, userGuid: 'user-bob' };
const US_1 = foundationNameSchema.parse('us-1');
const HOUR = 3_600_000;
const DAY = new Date('2026-03-10T00:00:00Z');

describe('limits of a user', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({
      events: [anEventRecord({ created_at: micros('2026-03-10T12:00:00Z') })],
    });
  });
  afterAll(() => rig.close());
  beforeEach(() => {
    rig.questions.length = 0;
  });

  /** Callers are told apart by what they write into `Authorization`. */
  const serving = (options: Partial<HttpOptions>, ports: Partial<HttpPorts> = {}) => {
    const identify = async (authorization: string | undefined) =>
      authorization === 'bob' ? BOB : ANN;
    const sites = [aSite({ identify }), aSite({ identify, name: US_1 })];
    const app = rig.another({ sites, ...ports }, options);
    return async (path: string, headers: Record<string, string> = {}) =>
      answerOf(await app.request(new Request(`${API}/foundations/${path}`, { headers })));
  };

  it('allows so many questions an hour; further ones are refused and counted, and only the first is on record', async () => {
    let now = new Date('2026-03-12T06:30:00Z');
    const ask = serving({ questionsPerHour: 2 }, { now: () => now });
    const LIST = 'eu-1/v3/audit_events';
    const answers = [];
    for (let turn = 0; turn < 5; turn += 1) answers.push(await ask(LIST));
    const [, second, third, , fifth] = answers;

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429, 429]);
    expect(second?.status).toBe(200);
    expect(third?.body.errors).toEqual([
      {
        title: 'CF-RateLimitExceeded',
        code: 10013,
        detail:
          'Rate Limit Exceeded: this is your question 3 of this hour, and questions_per_hour allows 2; ask again after 07:00 UTC',
      },
    ]);
    expect(third?.headers.get('retry-after')).toBe('1800');
    expect(fifth?.body.errors[0].detail).toMatch(/your question 5 of this hour/);
    expect(rig.questions.map(({ outcome }) => outcome)).toEqual([
      'answered',
      'answered',
      'QUOTA_REACHED',
    ]);

    expect((await ask(LIST, { authorization: 'bob' })).status).toBe(200);
    now = new Date(now.getTime() + HOUR / 2);
    expect((await ask(LIST)).status).toBe(200);
  });

  it.each<Partial<HttpOptions>>([{ questionsPerHour: 1 }, { dailyScanBytes: 1 }])(
    'are not used up by whoever has the same GUID at another foundation: %j',
    async (options) => {
      const ask = serving(options);
      const path = 'v3/audit_events';

      expect((await ask(`eu-1/${path}`)).status).toBe(200);
      expect((await ask(`eu-1/${path}`)).status).toBe(429);
      expect((await ask(`us-1/${path}`)).status).toBe(200);
    },
  );

  it('let nobody wait for whoever has the same GUID at another foundation', async () => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const visibility = async () => {
      await waiting;
      return { kind: 'all' } as const;
    };
    const ask = serving(
      { questionsPerUser: 1 },
      { sites: [aSite({ visibility }), aSite({ name: US_1 })] },
    );
    const first = ask('eu-1/v3/audit_events');

    const second = await ask('us-1/v3/audit_events');
    release();

    expect([second.status, (await first).status]).toEqual([200, 200]);
  });

  it('names X-Ticket when it is too long, and puts the question on record', async () => {
    const ask = serving({});
    const { status, body } = await ask('eu-1/v3/audit_events', { 'x-ticket': 'x'.repeat(257) });
    const longest = await ask('eu-1/v3/audit_events', { 'x-ticket': 'y'.repeat(256) });

    expect([status, body.errors[0]]).toEqual([
      400,
      {
        title: 'CF-InvalidRequest',
        code: 10004,
        detail: 'The request is invalid: X-Ticket is longer than 256 characters',
      },
    ]);
    expect(longest.status).toBe(200);
    expect(rig.questions).toMatchObject([
      { status: 400, outcome: 'InvalidRequest', purpose: 'x'.repeat(256) },
      { status: 200, purpose: 'y'.repeat(256) },
    ]);
  });

  it('refuse a page that is too long before all of it is read, and no file', async () => {
    let read = 0;
    const rows = Array.from({ length: 100 }, () => anEventRow({ data: `"${'x'.repeat(1000)}"` }));
    const archive = () => ({
      ...rig.archive(),
      engine: {
        groups: async () => ({
          groups: [{ key: ['2026-03-10'], rows: 5_000, first: DAY, last: DAY }],
          scannedBytes: 0,
          dollars: 0,
        }),
        rows: () => ({
          batches: (async function* () {
            for (let batch = 0; batch < 50; batch += 1) {
              read += 1;
              yield rows;
            }
          })(),
          scannedBytes: () => read,
          dollars: () => 0,
        }),
      },
    });
    const app = rig.another({ archive }, { maxPageBytes: 1_000_000 });

    for (const path of ['/api/v1/events?limit=5000', '/v3/audit_events?per_page=5000']) {
      read = 0;
      const { status, body } = await answerOf(await app.request(`${API}${path}`));

      expect([status, body?.errors?.[0].detail]).toEqual([
        422,
        expect.stringMatching(/longer than the 1 MB .* http\.max_answer/),
      ]);
      expect(read).toBeLessThan(12);
      expect(rig.questions.at(-1)).toMatchObject({
        outcome: 'QUERY_TOO_LARGE',
        scannedBytes: read,
      });
    }
    for (const format of ['ndjson', 'csv', 'json&file=true']) {
      const file = await app.request(`${API}/api/v1/events?format=${format}`);
      expect((await file.text()).length).toBeGreaterThan(4_000_000);
    }
  });
});
