import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API, anHttpRig, type HttpRig } from '../support/http/http-rig.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const DAYS = ['2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10', '2026-03-11'];

const EVENTS = DAYS.flatMap((day, index) =>
  Array.from({ length: 4 + index }, (_, turn) =>
    anEventRecord({
      guid: `00000000-0000-4000-8000-0000000${index}${String(turn).padStart(4, '0')}`,
      created_at: micros(`${day}T${String(5 + turn).padStart(2, '0')}:00:00Z`),
      type: turn % 3 === 0 ? 'app.crash' : 'audit.app.update',
      actee: turn % 2 === 0 ? 'app-1' : 'app,2',
      space_guid: turn % 4 === 3 ? '' : `space-${turn % 2}`,
      organization_guid: turn === 5 ? '' : 'organization-1',
      metadata: turn === 2 ? '{"10":1,"2":12345678901234567890}' : null,
    }),
  ),
).map((event) => (event.organization_guid === '' ? { ...event, space_guid: '' } : event));

/** Asked of both, they must get the same status and the same body, hosts aside. */
const SAME = [
  '/v3/audit_events',
  '/v3/audit_events/',
  '/v3/audit_events?per_page=3',
  '/v3/audit_events?per_page=3&page=4',
  '/v3/audit_events?per_page=3&page=99',
  '/v3/audit_events?per_page=1abc&page=2x',
  '/v3/audit_events?page=9223372036854775807',
  '/v3/audit_events?order_by=-created_at&per_page=7&page=2',
  '/v3/audit_events?order_by=%2Bupdated_at&per_page=5',
  '/v3/audit_events?order_by=created_at&page=2&per_page=10',
  '/v3/audit_events?types=app.crash',
  '/v3/audit_events?types=app.crash,audit.app.update&per_page=2',
  '/v3/audit_events?types=app.*',
  '/v3/audit_events?types=',
  '/v3/audit_events?types',
  '/v3/audit_events?target_guids=app-1',
  '/v3/audit_events?target_guids=APP-1',
  '/v3/audit_events?target_guids=app%252C2&per_page=2',
  '/v3/audit_events?target_guids[not]=app-1',
  '/v3/audit_events?space_guids=',
  '/v3/audit_events?space_guids=space-0,&per_page=4',
  '/v3/audit_events?organization_guids=',
  '/v3/audit_events?organization_guids=organization-1,nothing',
  `/v3/audit_events?guids=${EVENTS[3]?.guid},${EVENTS[7]?.guid}`,
  '/v3/audit_events?guids=%00',
  `/v3/audit_events?guids=${'x'.repeat(2000)}`,
  '/v3/audit_events?created_ats[gte]=2026-03-08T00:00:00Z&created_ats[lt]=2026-03-09T00:00:00Z',
  '/v3/audit_events?created_ats[gt]=2026-03-08T06:00:00Z&created_ats[lte]=2026-03-09T06:00:00Z&per_page=2',
  '/v3/audit_events?created_ats=2026-03-08T06:00:00Z,2026-03-10T07:00:00Z',
  '/v3/audit_events?updated_ats[lt]=2026-03-08T00:00:00Z&created_ats[gte]=2026-03-07T07:00:00Z',
  '/v3/audit_events?created_ats[gte]=2026-03-09T00:00:00Z&created_ats[lt]=2026-03-08T00:00:00Z',
  '/v3/audit_events?created_ats[gte]=1999-01-01T00:00:00Z&per_page=2',
  '/v3/audit_events?created_ats[lt]=9999-12-31T24:00:00Z&per_page=2',
  '/v3/audit_events?created_ats[lt]=2026-02-30T00:00:00Z',
  '/v3/audit_events?created_ats[gte]=2026-13-01T00:00:00Z',
  '/v3/audit_events?created_ats',
  '/v3/audit_events?created_ats[gte]=2026-03-09',
  '/v3/audit_events?created_ats[eq]=2026-03-09T00:00:00Z',
  '/v3/audit_events?created_ats[gte]=2026-03-09T00:00:00Z,2026-03-10T00:00:00Z',
  '/v3/audit_events?created_ats=x&updated_ats=y&page=0&per_page=5001&order_by=id&foo=1',
  '/v3/audit_events?page=0',
  '/v3/audit_events?per_page=5001',
  '/v3/audit_events?page=9223372036854775807&per_page=2',
  '/v3/audit_events?page[]=1',
  '/v3/audit_events?order_by=+created_at',
  '/v3/audit_events?foo=1&bar[x]=2',
  '/v3/audit_events?label_selector=a',
  '/v3/audit_events?types[not]=x',
  '/v3/audit_events?guids[not]=x',
  '/v3/audit_events?target_guids[foo]=x',
  '/v3/audit_events?guids=%zz',
  '/v3/audit_events?guids=a&guids[]=b',
  `/v3/audit_events/${EVENTS[2]?.guid}`,
  '/v3/audit_events/no-such-event',
  '/v3/audit_events/%00',
  '/v3/audit_events/%zz',
  `/v3/audit_events/${EVENTS[2]?.guid}/more`,
  '/v3/no_such_thing',
  '/no_such_thing',
  '/v3/organizations?page=0&foo=1',
  '/v3/organizations?order_by=state',
  '/v3/spaces?include=app',
  '/v3/spaces?organization_guids[x]=1',
  '/v3/apps?include=space,space&names[a]=b',
  '/v3/apps?per_page=0',
  '/v3/apps/no-such-app',
  '/v3/spaces/no-such-space',
  '/v3/organizations/no-such-organization',
];

describe('the drop-in', () => {
  let rig: HttpRig;
  let cc: CloudControllerClient;

  beforeAll(async () => {
    // As on MySQL, the default of Cloud Controller: whole seconds, so that ties break by GUID.
    rig = await anHttpRig({ events: EVENTS, externalUrl: API, precision: 'whole-seconds' });
    cc = await aClientOf(rig.sample);
  });
  afterAll(() => rig.close());

  it.each(SAME)('answers GET %s as Cloud Controller does', async (path) => {
    const theirs = await cc.get(path);
    const ours = await rig.get(path);

    expect({ status: ours.status, body: await ours.text() }).toEqual({
      status: theirs.status,
      body: path.includes('[not]') ? mended(theirs.text) : theirs.text,
    });
  });

  it('keeps an exclusion on the way from page to page', async () => {
    const guids: string[] = [];
    let path: string | undefined = '/v3/audit_events?target_guids[not]=app-1&per_page=4';
    while (path !== undefined) {
      const { body } = await rig.json(path);
      guids.push(...body.resources.map(({ guid }: { guid: string }) => guid));
      path = body.pagination.next?.href.slice(API.length);
    }

    expect(guids).toEqual(EVENTS.filter(({ actee }) => actee !== 'app-1').map(({ guid }) => guid));
  });

  it('reads only the days of a page once all days are counted', async () => {
    const asked = '/v3/audit_events?types=app.crash,audit.app.update,never-asked-before&per_page=4';
    await rig.get(asked);
    const [counted] = rig.questions.slice(-1);
    await rig.get(`${asked}&page=2`);
    const [later] = rig.questions.slice(-1);

    expect(later?.rows).toBe(4);
    expect(later?.scannedBytes).toBeLessThan((counted?.scannedBytes ?? 0) / 3);
  });

  it('tells in a header that days are not closed, percent-encoded', async () => {
    const { headers } = await rig.get('/v3/audit_events');

    expect(headers.get('x-archive-coverage')).toMatch(/^complete=false; closed=\d; .*open=\d/);
    expect(decodeURIComponent(headers.get('x-cf-warnings') ?? '')).toMatch(/not closed yet/);
    expect(headers.get('x-cf-warnings')).toMatch(/^[\w.!~*'()%-]+$/);
  });

  it('has no warning where every asked day is closed, and an ETag', async () => {
    const path =
      '/v3/audit_events?created_ats[gte]=2026-03-08T00:00:00Z&created_ats[lt]=2026-03-10T00:00:00Z';

    const { headers } = await rig.get(path);
    const again = await rig.get(path, { 'If-None-Match': headers.get('etag') ?? '' });

    expect(headers.get('x-cf-warnings')).toBeNull();
    expect(headers.get('x-archive-coverage')).toBe('complete=true; closed=2');
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('shows clients where the foundation has its UAA', async () => {
    const { body } = await rig.json('/');

    expect(body.links).toMatchObject({
      self: { href: API },
      cloud_controller_v3: { href: `${API}/v3`, meta: { version: '3.228.0' } },
      login: { href: 'https://login.example.org' },
      uaa: { href: 'https://uaa.example.org' },
    });
    expect((await rig.json('/v2/info')).body).toMatchObject({
      authorization_endpoint: 'https://login.example.org',
      token_endpoint: 'https://uaa.example.org',
    });
    expect((await rig.json('/v3')).body.links.audit_events.href).toBe(`${API}/v3/audit_events`);
    expect((await rig.json('/v3/info')).body.links.self.href).toBe(`${API}/v3/info`);
  });

  it('is found below the name of the foundation, too', async () => {
    const { body } = await rig.json('/foundations/eu-1/v3/audit_events?per_page=1');
    const { status } = await rig.json('/foundations/us-1/v3/audit_events');

    expect(body.pagination.next.href).toBe(
      `${API}/foundations/eu-1/v3/audit_events?page=2&per_page=1`,
    );
    expect(status).toBe(404);
  });
});

/** Cloud Controller's own links lose the exclusion; ours keep it. */
const mended = (text: string): string => text.replaceAll('%5Bnot%5D%5B%5D', '%5Bnot%5D');

describe('an event in the last microsecond of a second', () => {
  const [second, next] = ['2026-03-10T12:00:00', '2026-03-10T12:00:01'];
  const event = anEventRecord({ created_at: micros(`${second}.999999Z`) });

  /** On PostgreSQL Cloud Controller compares microseconds that it never shows (CC §1.2). The archive has what was shown, and compares that. */
  it.each([
    [`created_ats[lte]=${second}Z`, false, true],
    [`created_ats=${second}Z`, false, true],
    [`created_ats[gt]=${second}Z`, true, false],
    [`created_ats[gte]=${second}Z`, true, true],
    [`created_ats[lt]=${next}Z`, true, true],
    [`created_ats[gt]=${next}Z`, false, false],
  ])('is found by %s: by Cloud Controller %s, by the archive %s', async (filter, theirs, ours) => {
    const rig = await anHttpRig({ events: [event], externalUrl: API });
    try {
      const cc = await aClientOf(rig.sample);
      const path = `/v3/audit_events?${filter}`;
      const { body } = await rig.json(path);

      expect([
        await cc.guids(path),
        body.resources.map(({ guid }: { guid: string }) => guid),
      ]).toEqual([theirs ? [event.guid] : [], ours ? [event.guid] : []]);
    } finally {
      await rig.close();
    }
  });
});
