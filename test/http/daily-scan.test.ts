import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { QueryEngine } from '../../lib/query/ports.ts';
import { API, anHttpRig, answerOf, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const READ = 5_000;

/** Reads, finds nothing. */
const IN_VAIN: QueryEngine = {
  rows: () => ({
    batches: (async function* () {
      // Nothing is found.
    })(),
    scannedBytes: () => READ,
    dollars: () => 0,
  }),
  groups: async () => ({ groups: [], scannedBytes: READ, dollars: 0 }),
};

/** Reads, then fails. */
const FAILING: QueryEngine = {
  rows: () => ({
    // biome-ignore lint/correctness/useYield: it never gets so far
    batches: (async function* () {
      throw new ArchiveError('QUERY_BUSY', 'try again');
    })(),
    scannedBytes: () => READ,
    dollars: () => 0,
  }),
  groups: async (_query, _parts, { onStart }) => {
    onStart?.(() => READ);
    throw new ArchiveError('QUERY_BUSY', 'try again');
  },
};

describe('what a question has read', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({
      events: [anEventRecord({ created_at: micros('2026-03-10T12:00:00Z'), space_guid: 's' })],
    });
  });
  afterAll(() => rig.close());

  const GUID = '00000000-0000-4000-8000-999999999999';

  it.each<[string, QueryEngine, number, Record<string, number>]>([
    [`/v3/audit_events/${GUID}`, IN_VAIN, 404, {}],
    [`/api/v1/events/${GUID}`, IN_VAIN, 404, {}],
    ['/v3/apps/none', IN_VAIN, 404, {}],
    ['/v3/audit_events', FAILING, 503, {}],
    ['/v3/apps', FAILING, 503, {}],
    ['/api/v1/events?format=csv', FAILING, 503, {}],
    ['/api/v1/events', IN_VAIN, 422, { maxAnswerBytes: 10 }],
  ])(
    'is on record and counts for the day, whatever becomes of it: %s',
    async (path, engine, status, options) => {
      const archive = () => ({ ...rig.archive(), engine });
      const app = rig.another({ archive }, { dailyScanBytes: READ, ...options });
      rig.questions.length = 0;

      const first = await app.request(`${API}${path}`);
      const second = await answerOf(await app.request(`${API}${path}`));

      expect([first.status, second.status]).toEqual([status, 429]);
      expect(rig.questions[0]?.scannedBytes).toBeGreaterThanOrEqual(READ);
      expect(rig.questions[1]).toMatchObject({ outcome: 'QUOTA_REACHED', scannedBytes: 0 });
    },
  );

  it('counts names that are included', async () => {
    rig.questions.length = 0;
    await rig.another({}).request(`${API}/v3/apps`);
    await rig.another({}).request(`${API}/v3/apps?include=space.organization`);

    const [alone, included] = rig.questions.map(({ scannedBytes }) => scannedBytes);
    expect(included).toBeGreaterThan(alone ?? Number.NaN);
  });
});
