import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../lib/sample-foundation/http/faults.ts';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, theRecords } from '../support/sample-foundation/records.ts';

let foundation: SampleFoundation;
let cc: CloudControllerClient;

beforeAll(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-31T00:00:00Z'),
    records: theRecords({ events: Array.from({ length: 20 }, () => anEventRecord()) }),
  });
  cc = await aClientOf(foundation);
});

afterEach(() => foundation.faults.clear());
afterAll(() => foundation.close());

const LIST = '/v3/audit_events';

describe('CC §10 unavailability', () => {
  const json = (title: string, code: number, detail: string) =>
    JSON.stringify({ errors: [{ detail, title, code }] });

  const cases: [Fault, number, string | RegExp, Record<string, string | null>][] = [
    [
      { kind: 'expired-token' },
      401,
      json('CF-InvalidAuthToken', 1000, 'Invalid Auth Token'),
      { 'content-type': 'application/json; charset=utf-8' },
    ],
    [
      { kind: 'rate-limited', retryAfterSeconds: 7 },
      429,
      json('CF-RateLimitExceeded', 10013, 'Rate Limit Exceeded'),
      { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '7' },
    ],
    [
      { kind: 'nginx-rate-limited' },
      429,
      /^<html>/,
      { 'content-type': 'text/html', 'retry-after': null },
    ],
    [{ kind: 'unknown-error' }, 500, json('UnknownError', 10001, 'An unknown error occurred.'), {}],
    [{ kind: 'bad-gateway' }, 502, /Bad Gateway/, {}],
    [
      { kind: 'uaa-unavailable' },
      502,
      json('CF-UaaUnavailable', 20004, 'The UAA service is currently unavailable'),
      {},
    ],
    [
      { kind: 'database-lost' },
      503,
      json('CF-ServiceUnavailable', 10015, 'Database connection failure'),
      { 'retry-after': null },
    ],
    [{ kind: 'maintenance' }, 503, 'API down for maintenance', { 'content-type': 'text/plain' }],
    [{ kind: 'unknown-route' }, 404, /does not exist/, { 'x-cf-routererror': 'unknown_route' }],
    [{ kind: 'replaced', body: '{}' }, 200, '{}', {}],
    [
      { kind: 'replaced', status: 418, headers: { 'x-a': 'b' }, body: Buffer.of(104, 105) },
      418,
      'hi',
      { 'x-a': 'b' },
    ],
  ];

  it.each(cases)('%j', async (fault, status, body, headers) => {
    foundation.faults.add({ fault });

    const received = await cc.get(LIST);

    expect(received.status).toBe(status);
    if (typeof body === 'string') expect(received.text).toBe(body);
    else expect(received.text).toMatch(body);
    for (const [name, value] of Object.entries(headers))
      expect(received.headers.get(name)).toBe(value);
    expect(foundation.requests.entries().at(-1)).toMatchObject({ status, fault: fault.kind });
  });
});

describe('spoilt answers', () => {
  it('cuts the body: the promised length never comes', async () => {
    foundation.faults.add({ fault: { kind: 'cut-body', afterBytes: 100 } });

    await expect(cc.get(LIST)).rejects.toThrow('terminated');
  });

  it('truncates the body: valid HTTP, invalid JSON', async () => {
    const whole = (await cc.get(LIST)).text;
    foundation.faults.add({ fault: { kind: 'truncated-body' } });

    const { status, text } = await cc.get(LIST);

    expect(status).toBe(200);
    expect(text).toBe(whole.slice(0, whole.length >> 1));
  });

  it('dribbles the body, but sends all of it', async () => {
    const whole = (await cc.get(LIST)).text;
    foundation.faults.add({ fault: { kind: 'slow-body', bytesPerPiece: 4000, pauseMs: 1 } });

    expect((await cc.get(LIST)).text).toBe(whole);
  });

  it('resets the connection', async () => {
    foundation.faults.add({ fault: { kind: 'reset' } });

    await expect(cc.get(LIST)).rejects.toThrow('fetch failed');
    expect(foundation.requests.entries().at(-1)).toMatchObject({ status: null, fault: 'reset' });
  });

  it('does not answer until the client gives up', async () => {
    foundation.faults.add({ fault: { kind: 'no-answer' } });

    const asked = fetch(`${foundation.apiUrl}${LIST}`, { signal: AbortSignal.timeout(20) });

    await expect(asked).rejects.toThrow('timeout');
  });

  it('refuses connections, and listens again on the same port', async () => {
    await foundation.listener.refuse();
    await expect(cc.get(LIST)).rejects.toThrow('fetch failed');

    await foundation.listener.accept();

    expect((await cc.get(LIST)).status).toBe(200);
  });
});

describe('fault rules', () => {
  const fault: Fault = { kind: 'unknown-error' };
  const statuses = async (count: number, path = LIST) => {
    const all: number[] = [];
    while (all.length < count) all.push((await cc.get(path)).status);
    return all;
  };

  it('begin after so many requests and end after so many times', async () => {
    foundation.faults.add({ after: 1, times: 2, fault });

    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
  });

  it('last until they are removed', async () => {
    const remove = foundation.faults.add({ fault });
    expect(await statuses(2)).toEqual([500, 500]);

    remove();

    expect(await statuses(1)).toEqual([200]);
  });

  it.each([
    ['a text, percent-decoded', 'created_ats[gte]=2026'],
    ['a text as it came', 'created_ats%5Bgte%5D'],
    ['an expression', /gte.*2026/],
    ['a predicate', ({ query }: { query: string }) => query.includes('2026')],
  ])('choose requests by %s', async (_, on) => {
    foundation.faults.add({ on, fault });

    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(1, `${LIST}?created_ats%5Bgte%5D=2026-01-01T00:00:00Z`)).toEqual([500]);
  });

  it('leave UAA alone unless they name it', async () => {
    foundation.faults.add({ fault });
    expect((await fetch(`${foundation.uaaUrl}/token_keys`)).status).toBe(200);

    foundation.faults.add({ on: '/token_keys', fault });

    expect((await fetch(`${foundation.uaaUrl}/token_keys`)).status).toBe(500);
  });

  it('are tried in the order of adding', async () => {
    foundation.faults.add({ times: 1, fault: { kind: 'maintenance' } });
    foundation.faults.add({ fault });

    expect(await statuses(2)).toEqual([503, 500]);
  });
});
