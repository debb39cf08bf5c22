import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCoverage } from '../../lib/digest/open-coverage.ts';
import { FOUNDATION, POLICY } from '../support/archive/archive-rig.ts';
import { API, anHttpRig, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const EVENTS = ['09T01', '10T01', '10T02', '10T03', '12T01'].map((hour) =>
  anEventRecord({ created_at: micros(`2026-03-${hour}:30:00Z`) }),
);

describe('the tag of an answer', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
    // At the source, between two runs: what was seen of today is lost.
    rig.sample.database.truncateEvents();
    await rig.run();
  });
  afterAll(() => rig.close());

  /** @param hours - since the last run, at 06:00 of 12 March */
  const get = async (path: string, hours: number, headers: Record<string, string> = {}) => {
    const now = new Date(rig.sample.clock.now().getTime() + hours * 3_600_000);
    const coverage = openCoverage(rig.store, new Map([[FOUNDATION, POLICY]]), now);
    const archive = () => ({ ...rig.archive(), store: rig.store, coverage });
    const app = rig.another({ now: () => now, archive });
    const response = await app.request(new Request(`${API}${path}`, { headers }));
    await response.text();
    return { status: response.status, tag: response.headers.get('etag') };
  };

  it.each(['/api/v1/events?last=54h', '/api/v1/events?last=1h', '/v3/audit_events'])(
    'is not there while its range reaches today, though today is no open day but a lost one: %s',
    async (path) => {
      expect(await get(path, 0)).toEqual({ status: 200, tag: null });
    },
  );

  it('is another one when the same words mean another day, and there is nothing in either', async () => {
    const path = '/api/v1/events?yesterday=true';
    const tags = [await get(path, -94), await get(path, -70)].map(({ tag }) => tag);

    expect(tags).toEqual([expect.any(String), expect.any(String)]);
    expect(tags[0]).not.toBe(tags[1]);
  });

  it('stays as long as its range does', async () => {
    const path = '/api/v1/events?from=2026-03-09&to=2026-03-11';
    const { tag } = await get(path, 0);

    expect(await get(path, 30, { 'If-None-Match': tag ?? '' })).toEqual({ status: 304, tag });
  });
});
