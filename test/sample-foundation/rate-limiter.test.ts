import { afterEach, describe, expect, it } from '@jest/globals';
import type { RateLimit } from '../../lib/sample-foundation/cloud-controller/rate-limiter.ts';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { aClientOf, aClientWith } from '../support/sample-foundation/cloud-controller-client.ts';

describe('CC §10 the rate limiter', () => {
  let foundation: SampleFoundation;

  afterEach(() => foundation.close());

  async function limited(rateLimit: RateLimit): Promise<void> {
    foundation = await startSampleFoundation({ now: new Date('2026-03-31T00:00:00Z'), rateLimit });
  }

  const AUDITOR = { scopes: ['cloud_controller.global_auditor'] };

  it('is off by default and then sends no headers', async () => {
    foundation = await startSampleFoundation({ now: new Date('2026-03-31T00:00:00Z') });
    const { headers } = await (await aClientOf(foundation, AUDITOR)).get('/v3/audit_events');

    expect(headers.has('x-ratelimit-limit')).toBe(false);
  });

  it('counts down in tenths of the limit', async () => {
    await limited({ generalLimit: 100 });
    const cc = await aClientOf(foundation, AUDITOR);

    const first = await cc.get('/v3/audit_events');
    for (let more = 0; more < 10; more++) await cc.get('/v3/nothing');
    const twelfth = await cc.get('/v3/audit_events');

    expect(first.headers.get('x-ratelimit-limit')).toBe('100');
    expect(first.headers.get('x-ratelimit-reset')).toBe(
      String(Date.parse('2026-03-31T01:00:00Z') / 1000),
    );
    expect(first.headers.get('x-ratelimit-remaining')).toBe('90');
    expect(twelfth.headers.get('x-ratelimit-remaining')).toBe('80');
  });

  it('answers 429 as text/plain with the usual JSON and Retry-After, until the hour is over', async () => {
    await limited({ generalLimit: 1 });
    const cc = await aClientOf(foundation, AUDITOR);
    await cc.get('/v3/audit_events');
    foundation.clock.advance(600_000);

    const { status, headers, text } = await cc.get('/v3/audit_events');

    expect(status).toBe(429);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('retry-after')).toBe('3000');
    expect(JSON.parse(text).errors[0]).toMatchObject({
      title: 'CF-RateLimitExceeded',
      code: 10013,
    });

    foundation.clock.advance(3_000_000);

    expect((await cc.get('/v3/audit_events')).status).toBe(200);
  });

  it.each(['admin', 'admin_read_only'])(
    'leaves %s alone unless it has a limit of its own',
    async (scope) => {
      await limited({ generalLimit: 0 });
      const cc = await aClientOf(foundation, { scopes: [`cloud_controller.${scope}`] });

      const { status, headers } = await cc.get('/v3/audit_events');

      expect([status, headers.has('x-ratelimit-limit')]).toEqual([200, false]);
    },
  );

  it('counts each user apart, and all without token together', async () => {
    await limited({ generalLimit: 1, unauthenticatedLimit: 1 });
    const [one, other] = [
      await aClientOf(foundation, { ...AUDITOR, clientId: 'one' }),
      await aClientOf(foundation, { ...AUDITOR, clientId: 'other' }),
    ];
    const anyone = aClientWith(foundation, undefined);

    const statuses = [];
    for (const cc of [one, other, anyone, anyone]) statuses.push((await cc.get('/v3/apps')).status);

    expect(statuses).toEqual([200, 200, 401, 429]);
    expect(await anyone.error('/v3/apps')).toMatchObject({
      title: 'CF-IPBasedRateLimitExceeded',
      code: 10014,
    });
  });

  it('lets the 401 of a bad token win over the limit', async () => {
    await limited({ unauthenticatedLimit: 0 });
    const cc = aClientWith(
      foundation,
      `bearer ${await foundation.uaa.token({ lifetimeSeconds: -1 })}`,
    );

    expect(await cc.error('/v3/apps')).toMatchObject({ status: 401, title: 'CF-InvalidAuthToken' });
  });

  it.each(['/', '/v3', '/v2/info'])('does not count %s', async (path) => {
    await limited({ unauthenticatedLimit: 0 });

    expect((await aClientWith(foundation, undefined).get(path)).status).toBe(200);
  });
});
