import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  aClientWith,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';

let foundation: SampleFoundation;
let cc: CloudControllerClient;

beforeAll(async () => {
  foundation = await startSampleFoundation({ now: new Date('2026-03-31T00:00:00Z') });
  cc = await aClientOf(foundation);
});

afterAll(() => foundation.close());

describe('CC §1.5 other error bodies', () => {
  const cases: [string, string | undefined, string, [number, string, number, string]][] = [
    [
      'no header',
      undefined,
      '/v3/audit_events',
      [401, 'CF-NotAuthenticated', 10002, 'Authentication error'],
    ],
    [
      'Basic',
      'Basic eDp5',
      '/v3/audit_events/x',
      [401, 'CF-NotAuthenticated', 10002, 'Authentication error'],
    ],
    [
      'a bad token',
      'bearer x.y.z',
      '/v3/audit_events',
      [401, 'CF-InvalidAuthToken', 1000, 'Invalid Auth Token'],
    ],
    ['no such route', undefined, '/v3/nothing', [404, 'CF-NotFound', 10000, 'Unknown request']],
    [
      'no such sub-route',
      undefined,
      '/v3/audit_events/x/y',
      [404, 'CF-NotFound', 10000, 'Unknown request'],
    ],
  ];

  it.each(cases)('%s', async (_, authorization, path, [status, title, code, detail]) => {
    const {
      text,
      headers,
      status: received,
    } = await aClientWith(foundation, authorization).get(path);

    expect(received).toBe(status);
    expect(text).toBe(JSON.stringify({ errors: [{ detail, title, code }] }));
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('an unknown event is 404 CF-ResourceNotFound', async () => {
    expect(await cc.error('/v3/audit_events/unknown')).toEqual({
      status: 404,
      title: 'CF-ResourceNotFound',
      code: 10010,
      detail: 'Event not found',
    });
  });

  it('audit events can be neither made, changed nor deleted', async () => {
    const token = await foundation.uaa.token({ scopes: ['cloud_controller.admin'] });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const headers = { authorization: `bearer ${token}` };
      const { status } = await fetch(`${foundation.apiUrl}/v3/audit_events/x`, { method, headers });
      expect(status).toBe(404);
    }
  });
});

describe('CC §6 v2 is off', () => {
  it.each(['/v2/events', '/v2/events/x', '/v2/apps?q=name:x', '/v2'])(
    '%s is 404 with plain text',
    async (path) => {
      const { status, text, headers } = await cc.get(path);

      expect([status, text]).toEqual([404, 'V2 endpoints disabled']);
      expect(headers.get('content-type')).toContain('text/plain');
    },
  );

  it('/v2/info still answers, without a version', async () => {
    const { text } = await aClientWith(foundation, undefined).get('/v2/info');

    expect(JSON.parse(text)).toMatchObject({
      support: 'CF API v2 is disabled',
      api_version: '',
      token_endpoint: foundation.uaaUrl,
      authorization_endpoint: foundation.uaaUrl,
    });
  });
});

describe('CC §10 X-VCAP-Request-ID', () => {
  const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

  it('is made up', async () => {
    const { headers } = await cc.get('/v3/audit_events');

    expect(headers.get('x-vcap-request-id')).toMatch(new RegExp(`^${uuid}$`));
  });

  it.each(['x-vcap-request-id', 'x-request-id'])('is taken from %s and continued', async (name) => {
    const { headers } = await cc.get('/v3/nothing', { [name]: 'mine-1 (x)' });

    expect(headers.get('x-vcap-request-id')).toMatch(new RegExp(`^mine-1x::${uuid}$`));
  });
});

describe('CC §11 root documents', () => {
  it('need no token', async () => {
    const anyone = aClientWith(foundation, undefined);

    const statuses = await Promise.all(
      ['/', '/v3', '/v3/info'].map(async (path) => (await anyone.get(path)).status),
    );

    expect(statuses).toEqual([200, 200, 200]);
  });

  it('GET / leads to UAA and tells the version of v3, and of v2 nothing', async () => {
    const { links } = JSON.parse((await cc.get('/')).text);

    expect(links).toMatchObject({
      self: { href: foundation.apiUrl },
      cloud_controller_v3: { href: `${foundation.apiUrl}/v3`, meta: { version: '3.228.0' } },
      login: { href: foundation.uaaUrl },
      uaa: { href: foundation.uaaUrl },
    });
    expect(links).not.toHaveProperty('cloud_controller_v2');
  });

  it('GET /v3 names 32 resources', async () => {
    const { links } = JSON.parse((await cc.get('/v3')).text);

    expect(Object.keys(links)).toHaveLength(33);
    expect(links.audit_events).toEqual({ href: `${foundation.apiUrl}/v3/audit_events` });
  });

  it('GET /v3/info says whether there is a rate limit', async () => {
    await using limited = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      rateLimit: { generalLimit: 7 },
    });
    const info = async (url: string) => JSON.parse((await cc.get(`${url}/v3/info`)).text);

    expect((await info(foundation.apiUrl)).rate_limits.enabled).toBe(false);
    expect((await info(limited.apiUrl)).rate_limits).toEqual({
      enabled: true,
      general_limit: 7,
      reset_interval_in_minutes: 60,
    });
  });
});

describe('the answer', () => {
  it('carries the simulated time as its Date', async () => {
    const { headers } = await cc.get('/v3/audit_events');

    expect(headers.get('date')).toBe('Tue, 31 Mar 2026 00:00:00 GMT');
  });

  it('is counted and logged with method, path, query and status', async () => {
    foundation.requests.reset();
    await cc.get('/v3/audit_events?created_ats%5Bgte%5D=x');
    await cc.get('/v3/nothing');

    expect(foundation.requests.entries()).toEqual([
      {
        server: 'api',
        method: 'GET',
        path: '/v3/audit_events',
        query: 'created_ats%5Bgte%5D=x',
        status: 400,
      },
      { server: 'api', method: 'GET', path: '/v3/nothing', query: '', status: 404 },
    ]);
    expect(foundation.requests.count()).toBe(2);
    expect(foundation.requests.count('created_ats[gte]')).toBe(1);
    expect(foundation.requests.matching(/nothing$/)).toHaveLength(1);
  });
});
