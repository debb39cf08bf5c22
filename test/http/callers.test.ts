import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveError, type ErrorCode } from '../../lib/domain/errors.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import type { Visibility } from '../../lib/domain/visibility.ts';
import type { Site } from '../../lib/http/ports.ts';
import { ANN, API, anHttpRig, answerOf, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const at = (hour: number): number => micros(`2026-03-10T${String(hour).padStart(2, '0')}:00:00Z`);

const EVENTS = [
  anEventRecord({ created_at: at(1), space_guid: 'space-1', actee: 'app-1' }),
  anEventRecord({ created_at: at(2), space_guid: 'space-2', actee: 'app-2', actee_name: 'hidden' }),
  anEventRecord({ created_at: at(3), space_guid: '', actee: 'o', actee_type: 'organization' }),
  anEventRecord({ created_at: at(4), space_guid: '', organization_guid: '', actee: 'p' }),
];
const [OWN, HIDDEN] = EVENTS;

const DEVELOPER: Visibility = { kind: 'scoped', spaces: ['space-1'], organizations: [] };
const NOBODY: Visibility = { kind: 'scoped', spaces: [], organizations: [] };

const fails = (code: ErrorCode) => async (): Promise<never> => {
  throw new ArchiveError(code, `secret words about ${code} of the-token-of-ann`);
};

describe('who asks', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
  });
  afterAll(() => rig.close());

  const asked = async (site: Partial<Site>, path: string, headers?: Record<string, string>) =>
    answerOf(
      await rig
        .another({ sites: [aSite(site)] })
        .request(new Request(`${API}${path}`, headers && { headers })),
    );

  it.each([
    ['TOKEN_MISSING', 401, 'CF-NotAuthenticated', 10002, 'Authentication error'],
    ['TOKEN_INVALID', 401, 'CF-InvalidAuthToken', 1000, 'Invalid Auth Token'],
    [
      'SCOPE_INSUFFICIENT',
      403,
      'CF-NotAuthorized',
      10003,
      'You are not authorized to perform the requested action',
    ],
  ] satisfies [ErrorCode, number, string, number, string][])(
    'answers %s in the words of Cloud Controller',
    async (code, status, title, number, detail) => {
      for (const path of [
        '/v3/audit_events',
        '/v3/apps',
        '/api/v1/events',
        '/api/v1/reports/crashes',
      ]) {
        const answer = await asked({ identify: fails(code) }, path);

        expect(answer).toMatchObject({
          status,
          body: { errors: [{ title, code: number, detail }] },
        });
      }
    },
  );

  it.each([
    [
      'identify',
      'IDENTITY_UNAVAILABLE',
      502,
      {
        title: 'CF-UaaUnavailable',
        code: 20004,
        detail: 'The UAA service is currently unavailable',
      },
    ],
    [
      'visibility',
      'ROLES_UNAVAILABLE',
      503,
      { title: 'CF-ServiceUnavailable', code: 10015, detail: expect.any(String) },
    ],
  ] satisfies [keyof Site, ErrorCode, number, object][])(
    'says when %s cannot be told, as Cloud Controller does: never all and never nothing',
    async (port, code, status, error) => {
      const answer = await asked({ [port]: fails(code) }, '/v3/audit_events');

      expect([answer.status, answer.body]).toEqual([status, { errors: [error] }]);
      expect(answer.headers.get('retry-after')).toBe('10');
    },
  );

  it('needs no token for the documents that clients read first', async () => {
    for (const path of ['/', '/v3', '/v3/info', '/v2/info', '/openapi.json', '/api/v1/reports']) {
      expect((await asked({ identify: fails('TOKEN_MISSING') }, path)).status).toBe(200);
    }
  });

  it('shows what the caller may see, and counts nothing else', async () => {
    const visibility = async () => DEVELOPER;
    const list = await asked({ visibility }, '/v3/audit_events');
    const types = await asked({ visibility }, '/api/v1/event-types');
    const events = await asked({ visibility }, '/api/v1/events?limit=1');

    expect(list.body.pagination.total_results).toBe(1);
    expect(list.body.resources.map(({ guid }: { guid: string }) => guid)).toEqual([OWN?.guid]);
    expect(types.body.event_types).toMatchObject([{ events: 1 }]);
    expect(events.body).toMatchObject({ events: [{ guid: OWN?.guid }], next_cursor: null });
  });

  it('gives who has no role an empty list, not an error', async () => {
    const { status, body } = await asked({ visibility: async () => NOBODY }, '/v3/audit_events');

    expect([status, body.pagination.total_results, body.resources]).toEqual([200, 0, []]);
  });

  it('says the same of an event that is not there and of one that is not to be seen', async () => {
    const visibility = async () => DEVELOPER;
    for (const root of ['/v3/audit_events', '/api/v1/events']) {
      const hidden = await asked({ visibility }, `${root}/${HIDDEN?.guid}`);
      const absent = await asked({ visibility }, `${root}/00000000-0000-4000-8000-999999999999`);

      expect(hidden.status).toBe(404);
      expect(hidden.body).toEqual(absent.body);
    }
  });

  it('names no app, space or organization of events that are not to be seen', async () => {
    const visibility = async () => DEVELOPER;
    const apps = await asked({ visibility }, '/v3/apps');
    const spaces = await asked({ visibility }, '/v3/spaces');

    expect(apps.body.resources.map(({ guid }: { guid: string }) => guid)).toEqual(['app-1']);
    expect(spaces.body.resources.map(({ guid }: { guid: string }) => guid)).toEqual(['space-1']);
    expect((await asked({ visibility }, '/v3/apps/app-2')).status).toBe(404);
    expect((await asked({ visibility }, '/v3/apps?names=hidden')).body.resources).toEqual([]);
  });

  it('remembers no count and no name of one caller for another', async () => {
    let seen: Visibility = { kind: 'all' };
    const app = rig.another({ sites: [aSite({ visibility: async () => seen })] });
    const totals = async () => {
      const pages = ['/v3/audit_events', '/v3/apps'].map(async (path) => {
        const { body } = await answerOf(await app.request(`${API}${path}`));
        return body.pagination.total_results;
      });
      return Promise.all(pages);
    };
    const all = await totals();
    seen = DEVELOPER;

    expect([all, await totals()]).toEqual([
      [4, 3],
      [1, 1],
    ]);
  });

  it.each([
    '/v3/audit_events?created_ats[gte]=2026-03-10T00:00:00Z&created_ats[lt]=2026-03-11T00:00:00Z',
    '/api/v1/events?from=2026-03-10&to=2026-03-11',
    '/api/v1/event-types?from=2026-03-10&to=2026-03-11',
    '/api/v1/reports/all-events?from=2026-03-10&to=2026-03-11',
  ])('takes no ETag of another caller: %s', async (path) => {
    const all = await asked({}, path);
    const tag = { 'If-None-Match': all.headers.get('etag') ?? '' };
    const held = await rig
      .another({ sites: [aSite()] })
      .request(new Request(`${API}${path}`, { headers: tag }));
    const own = await asked({ visibility: async () => DEVELOPER }, path, tag);
    const nothing = await asked({ visibility: async () => NOBODY }, path, tag);

    expect([all.status, held.status, own.status, nothing.status]).toEqual([200, 304, 200, 200]);
    expect(own.headers.get('etag')).not.toBe(tag['If-None-Match']);
    expect(JSON.stringify(own.body)).not.toMatch(/app-2|hidden/);
    expect(JSON.stringify(all.body)).toMatch(/app-2|hidden|"events":4/);
  });

  it('takes no cursor of another caller', async () => {
    const first = await asked({}, '/api/v1/events?limit=1');
    const other = { ...ANN, userGuid: 'user-bob' };

    const stolen = await asked(
      { identify: async () => other },
      `/api/v1/events?limit=1&cursor=${first.body.next_cursor}`,
    );

    expect(stolen.status).toBe(400);
  });

  it('takes no cursor of another foundation', async () => {
    const us = aSite({ name: foundationNameSchema.parse('us-1') });
    const app = rig.another({ sites: [aSite(), us] });
    const get = async (query: string) =>
      answerOf(await app.request(`${API}/api/v1/events?limit=1&${query}`));
    const { next_cursor: cursor } = (await get('foundation=eu-1')).body;

    const own = await get(`foundation=eu-1&cursor=${cursor}`);
    const other = await get(`foundation=us-1&cursor=${cursor}`);
    const both = await get(`cursor=${cursor}`);

    expect([own.status, other.status, both.status]).toEqual([200, 400, 400]);
    expect(other.body.errors[0].detail).toContain('it belongs to another question');
  });

  it('shows nothing behind a cursor that a role was lost for in between', async () => {
    const both: Visibility = { kind: 'scoped', spaces: ['space-1', 'space-2'], organizations: [] };
    const first = await asked({ visibility: async () => both }, '/api/v1/events?limit=1');
    const next = `/api/v1/events?limit=1&cursor=${first.body.next_cursor}`;

    const kept = await asked({ visibility: async () => both }, next);
    const less = await asked(
      { visibility: async () => ({ kind: 'scoped', spaces: ['space-2'], organizations: [] }) },
      next,
    );
    const none = await asked({ visibility: async () => NOBODY }, next);

    expect(first.body.events).toMatchObject([{ guid: HIDDEN?.guid }]);
    expect(kept.body.events).toMatchObject([{ guid: OWN?.guid }]);
    expect([less.status, less.body.events, less.body.next_cursor]).toEqual([200, [], null]);
    expect([none.status, none.body.events, none.body.next_cursor]).toEqual([200, [], null]);
  });

  it('puts every question on record: who, why, what, how much, with which outcome', async () => {
    rig.questions.length = 0;
    await asked({}, '/v3/audit_events?types=a%20b&per_page=2', { 'X-Ticket': 'INC-42' });
    await asked({}, '/v3/audit_events?page=0');
    await asked({ visibility: fails('ROLES_UNAVAILABLE') }, '/api/v1/events');
    await asked({ identify: fails('TOKEN_INVALID') }, '/api/v1/events');

    expect(rig.questions).toMatchObject([
      {
        caller: { userGuid: 'user-ann' },
        foundations: ['eu-1'],
        path: '/v3/audit_events',
        parameters: [
          ['types', 'a b'],
          ['per_page', '2'],
        ],
        purpose: 'INC-42',
        rows: 0,
        status: 200,
        outcome: 'answered',
        coverage: { complete: false },
      },
      { status: 400, outcome: 'BadQueryParameter', purpose: undefined },
      { status: 503, outcome: 'ROLES_UNAVAILABLE' },
    ]);
  });

  it('does not answer what cannot be put on record', async () => {
    const app = rig.another({ log: fails('STORE_FULL') });
    const page = await answerOf(await app.request(`${API}/v3/audit_events`));
    const file = await answerOf(await app.request(`${API}/api/v1/events?format=ndjson`));

    expect([page.status, page.body.errors[0].title]).toEqual([503, 'CF-ServiceUnavailable']);
    expect(page.body.errors[0].detail).toMatch(/cannot be put on record/);
    expect(file).toMatchObject({ status: 503, body: page.body });
  });

  it('lets the token of one foundation see nothing of another, whatever it sees at its own', async () => {
    const foreign = aSite({
      name: foundationNameSchema.parse('a-1'),
      host: 'a.example.org',
      identify: fails('TOKEN_INVALID'),
    });
    for (const sites of [
      [aSite(), foreign],
      [foreign, aSite()],
    ]) {
      const app = rig.another({ sites });
      const get = async (path: string) => answerOf(await app.request(`${API}${path}`));

      for (const path of ['/api/v1/events', '/api/v1/reports/crashes', '/api/v1/event-types']) {
        const { status, body } = await get(path);
        expect([status, body.errors[0].title]).toEqual([400, 'CF-BadQueryParameter']);
        expect(body.errors[0].detail).toMatch(/foundation is missing/);
      }
      expect((await get('/api/v1/events?foundation=eu-1')).body.events).toHaveLength(4);
      expect((await get('/api/v1/events?foundation=a-1')).status).toBe(401);
    }
    const nobody = rig.another({ sites: [foreign, { ...foreign }] });
    expect((await nobody.request(`${API}/api/v1/events`)).status).toBe(401);
  });

  const WRONG = [
    '/api/v1/events?foo=1',
    '/api/v1/events?limit=0',
    '/api/v1/events?foundation=none',
    '/api/v1/events?foundation=eu-1&foundation=us-1',
    '/api/v1/events?format=csv&offset=1',
    '/api/v1/events/%zz',
    '/api/v1/reports/none',
    '/api/v1/reports/crashes?type=x',
    '/api/v1/coverage?text=x',
    '/api/v1/event-types?last=soon',
    '/api/v1/queries?user=',
    '/api/v1/queries?foundation=none',
  ];

  it.each(WRONG)('tells what is wrong with %s only to those who are known', async (path) => {
    const strangers = [fails('TOKEN_MISSING'), fails('TOKEN_INVALID')];
    rig.questions.length = 0;
    for (const identify of strangers) {
      const { status, body } = await asked({ identify }, path);

      expect(status).toBe(401);
      expect(body.errors[0].detail).toMatch(/^(Authentication error|Invalid Auth Token)$/);
    }
    expect(rig.questions).toEqual([]);
    const known = await asked({}, path);

    expect([400, 404]).toContain(known.status);
    expect(rig.questions).toMatchObject([
      { caller: { userGuid: 'user-ann' }, path: path.split('?')[0], status: known.status },
    ]);
  });

  it('names foundations only to those who are known at one, and has their mistake on record there', async () => {
    const us = aSite({
      name: foundationNameSchema.parse('us-1'),
      identify: fails('TOKEN_INVALID'),
    });
    const ask = async (sites: Site[], query: string) =>
      answerOf(await rig.another({ sites }).request(`${API}/api/v1/events${query}`));
    rig.questions.length = 0;

    const stranger = await ask([us, { ...us }], '?foundation=none');
    const known = await ask([us, aSite()], '?foundation=none');
    const unnamed = await ask([us, aSite()], '');

    expect([stranger.status, known.status, unnamed.status]).toEqual([401, 400, 400]);
    expect(JSON.stringify(stranger.body)).not.toMatch(/us-1|eu-1/);
    expect(known.body.errors[0].detail).toContain('there are us-1, eu-1');
    expect(rig.questions).toMatchObject([
      { foundations: ['eu-1'], status: 400, outcome: 'QUERY_INVALID' },
      { foundations: ['eu-1'], status: 400, outcome: 'QUERY_INVALID' },
    ]);
  });

  it('serves several foundations, each by its path or its host, and asks for the name where it matters', async () => {
    const name = foundationNameSchema.parse('us-1');
    const sites = [aSite(), aSite({ name, host: 'us.example.org' })];
    const app = rig.another({ sites });
    // Where TLS ends before us, requests come without it.
    const behindProxy = rig.another({ sites }, { url: 'https://archive.example.org:8443' });
    const untold = rig.another({ sites }, { url: undefined });
    const get = async (url: string) => answerOf(await app.request(url));

    expect((await get(`${API}/v3/audit_events`)).status).toBe(404);
    expect(
      (await get(`${API}/foundations/eu-1/v3/audit_events`)).body.pagination.total_results,
    ).toBe(4);
    expect((await get('http://us.example.org/v3/audit_events')).body.pagination).toMatchObject({
      total_results: 0,
      first: { href: 'http://us.example.org/v3/audit_events?page=1&per_page=50' },
    });
    const first = async (from: typeof app, url: string): Promise<unknown> =>
      (await answerOf(await from.request(url))).body.pagination.first.href;
    expect(await first(behindProxy, 'http://us.example.org/v3/audit_events')).toBe(
      'https://us.example.org:8443/v3/audit_events?page=1&per_page=50',
    );
    expect(await first(untold, 'https://us.example.org:9/v3/audit_events')).toBe(
      'https://us.example.org:9/v3/audit_events?page=1&per_page=50',
    );
    expect((await get(`${API}/api/v1/events`)).body.events).toHaveLength(4);
    expect((await get(`${API}/api/v1/events?foundation=us-1`)).body.events).toHaveLength(0);
  });
});
