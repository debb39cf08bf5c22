import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Hono } from 'hono';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { API, anHttpRig, answerOf, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';
import { type Described, describedIn, type OpenApi } from './support/described.ts';

const EVENTS = Array.from({ length: 6 }, (_, index) =>
  anEventRecord({
    created_at: micros(`2026-03-0${7 + (index % 3)}T1${index}:00:00Z`),
    type: index % 2 === 0 ? 'app.crash' : 'audit.app.update',
  }),
);
const US_1 = foundationNameSchema.parse('us-1');
const SERVERS = {
  'one foundation': [aSite()],
  'several foundations': [aSite(), aSite({ name: US_1 })],
  'several, one with a host name': [aSite(), aSite({ name: US_1, host: 'us.example.org' })],
};
type Server = keyof typeof SERVERS;
const ALL = Object.keys(SERVERS) as Server[];

/** Closed days, in the words of a path's own parameters. */
const closedDays = ({ names }: Described): string =>
  names('query').includes('from')
    ? 'from=2026-03-08&to=2026-03-10'
    : 'created_ats[gte]=2026-03-08T00:00:00Z&created_ats[lt]=2026-03-10T00:00:00Z';

const LISTS = ['apps', 'audit_events', 'organizations', 'spaces'].map((name) => `/v3/${name}`);

describe('/openapi.json', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
  });
  afterAll(() => rig.close());

  const documentOf = async (app: Hono): Promise<OpenApi> =>
    (await answerOf(await app.request(`${API}/openapi.json`))).body;
  const served = async (server: Server): Promise<{ app: Hono; described: Described[] }> => {
    const app = rig.another({ sites: SERVERS[server] });
    return { app, described: describedIn(await documentOf(app)) };
  };

  /** Every URL that a described path stands for: of each server, each foundation, and of a thing that is there and one that is not. */
  async function urlsOf(app: Hono, { servers, path, valuesOf }: Described): Promise<string[]> {
    const [list = '', isOfOne] = path.split('/{guid}');
    const roots = servers.flatMap((url) =>
      valuesOf('foundation').map((name) => (of: string) => url + of.replace('{foundation}', name)),
    );
    const urls = roots.map(async (at) => {
      if (isOfOne === undefined) return [at(path.replace('{name}', 'crashes'))];
      const { body } = await answerOf(await app.request(at(list)));
      const [first] = body.resources ?? body.events;
      return ['none', first?.guid ?? 'none'].map((guid) => at(path.replace('{guid}', guid)));
    });
    return (await Promise.all(urls)).flat();
  }

  it('is about the version and the place that it is asked at, and points nowhere else', async () => {
    const body = await documentOf(rig.app);
    const text = JSON.stringify(body);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];

    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: API }] });
    expect(text).not.toContain('$defs');
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(body.components.schemas).toHaveProperty([name ?? '']);
    for (const schema of Object.values(body.components.schemas)) {
      expect(schema).toMatchObject({ type: 'object', properties: expect.anything() });
    }
  });

  it('has every path that is served, at the root or by the name of a foundation', async () => {
    const paths = (await Promise.all(ALL.map(served))).flatMap(({ described }) =>
      described.map(({ path }) => path),
    );
    const routes = rig.app.routes
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, ''));

    expect([...new Set(paths)].sort()).toEqual([...new Set(routes)].sort());
  });

  it('has the root where a drop-in is there, and else the names of the foundations', async () => {
    const [one, several, hosts] = await Promise.all(
      ALL.map(async (server) => {
        const { described } = await served(server);
        return described
          .filter(({ path }) => path.endsWith('/v3/audit_events'))
          .map(({ servers, path, valuesOf }) => [servers, path, valuesOf('foundation')]);
      }),
    );
    const named = [[API], '/foundations/{foundation}/v3/audit_events', ['eu-1', 'us-1']];

    expect(one).toEqual([[[API], '/v3/audit_events', ['']]]);
    expect(several).toEqual([named]);
    expect(hosts).toEqual([[['http://us.example.org'], '/v3/audit_events', ['']], named]);
  });

  it('names the host of a foundation as links do, with the scheme and port of http.url', async () => {
    const sites = SERVERS['several, one with a host name'];
    const app = rig.another({ sites }, { url: 'https://archive.example.org:8443' });

    expect((await documentOf(app)).paths['/v3']?.servers).toEqual([
      { url: 'https://us.example.org:8443' },
    ]);
  });

  it.each(ALL)('is true of every path of a server with %s', async (server) => {
    const { app, described } = await served(server);
    const found: number[] = [];
    for (const each of described) {
      for (const url of await urlsOf(app, each)) {
        const { status, headers, body } = await answerOf(await app.request(url));
        const { isKnown, requiredHeaders, problems } = each.answer(status);

        expect([url, body]).not.toEqual([
          url,
          expect.objectContaining({ error_code: 'CF-NotFound' }),
        ]);
        expect([url, body.errors?.[0]?.title]).not.toEqual([url, 'CF-NotFound']);
        expect([url, status, isKnown || status >= 400]).toEqual([url, status, true]);
        expect([url, problems(headers.get('content-type'), body)]).toEqual([url, []]);
        if (status !== 200) continue;
        found.push(status);
        const told = [...headers.keys()].filter((name) => name === 'x-archive-coverage');
        expect([url, requiredHeaders]).toEqual([url, told]);
      }
    }
    expect(found.length).toBeGreaterThan(15);
  });

  it('is true of a page, of a whole file, and of a link to one', async () => {
    const app = rig.another({
      exports: {
        publish: async () => ({ url: 'https://exports.example.org/x', expiresAt: new Date(0) }),
      },
    });
    const described = describedIn(await documentOf(rig.app));
    const events = described.find(({ path }) => path === '/api/v1/events');
    for (const [from, query, status] of [
      [rig.app, 'limit=1', 200],
      [rig.app, 'limit=1&offset=1', 200],
      [rig.app, 'file=true', 200],
      [app, 'file=true', 303],
    ] as const) {
      const answer = await answerOf(await from.request(`${API}/api/v1/events?${query}`));
      const { isKnown, problems } = events?.answer(status) ?? {};

      expect([query, answer.status, isKnown]).toEqual([query, status, true]);
      expect(problems?.(answer.headers.get('content-type'), answer.body)).toEqual([]);
      expect(problems?.('application/json', { errors: [] })).not.toEqual([]);
    }
  });

  it('has ETag, If-None-Match and 304 where closed days have a tag, and nowhere else', async () => {
    const { app, described } = await served('one foundation');
    const tagged: string[] = [];
    for (const each of described) {
      const [url = ''] = await urlsOf(app, each);
      const takes = each.names('query').some((name) => /^from$|^created_ats/.test(name));
      const asked = takes ? `${url}?${closedDays(each)}` : url;
      const etag = (await app.request(asked)).headers.get('etag');
      const { isKnown, problems } = each.answer(304);

      expect([asked, each.names('header').includes('If-None-Match')]).toEqual([
        asked,
        etag !== null,
      ]);
      expect([asked, each.answer(200).headers.includes('ETag')]).toEqual([asked, etag !== null]);
      expect([asked, isKnown]).toEqual([asked, etag !== null]);
      if (etag === null) continue;
      tagged.push(each.path);
      const again = await app.request(asked, { headers: { 'If-None-Match': etag } });
      expect([again.status, await again.text(), problems(null, undefined)]).toEqual([304, '', []]);
    }
    expect(tagged).toEqual([
      '/api/v1/events',
      '/api/v1/reports/{name}',
      '/api/v1/event-types',
      '/v3/audit_events',
    ]);
  });

  it('has X-Ticket where it goes on record, and its longest', async () => {
    const { app, described } = await served('one foundation');
    for (const each of described) {
      const [url = ''] = await urlsOf(app, each);
      const asked = rig.questions.length;
      const { maxLength = 0 } = each.schemaOf('X-Ticket') ?? {};
      await app.request(url, { headers: { 'X-Ticket': 'INC-4711' } });
      const purposes = rig.questions.slice(asked).map(({ purpose }) => purpose);

      expect([url, each.names('header').includes('X-Ticket')]).toEqual([
        url,
        purposes.includes('INC-4711'),
      ]);
      if (purposes.length === 0) continue;
      for (const [length, isTooLong] of [
        [maxLength, false],
        [maxLength + 1, true],
      ] as const) {
        const headers = { 'X-Ticket': 'x'.repeat(length) };
        const { body } = await answerOf(await app.request(url, { headers }));
        expect(/X-Ticket is longer/.test(body.errors?.[0]?.detail)).toBe(isTooLong);
      }
    }
  });

  it('has every parameter that is taken, and no other', async () => {
    const { app, described } = await served('one foundation');
    const asking = described.filter(
      ({ path, names }) => !path.includes('{guid}') && names('query').length > 0,
    );
    for (const each of asking) {
      const [url = ''] = await urlsOf(app, each);
      const { body } = await answerOf(await app.request(`${url}?no_such_parameter=1`));
      const [, taken = ''] = /Valid parameters are: '(.*)'$/.exec(body.errors[0].detail) ?? [];
      const names = new Set(each.names('query').map((name) => name.replace(/\[\w+\]$/, '')));

      expect([...names].sort()).toEqual(taken.split("', '").sort());
    }
    expect(asking).toHaveLength(9);
  });

  it.each(LISTS)(
    'has the operators of %s by the names under which they are taken',
    async (path) => {
      const { app, described } = await served('one foundation');
      const names = described.find((each) => each.path === path)?.names('query') ?? [];
      const withOperator = names.filter((name) => name.includes('['));
      for (const name of withOperator) {
        const value = name.includes('_ats') ? '2026-03-08T00:00:00Z' : 'app-1';
        for (const spelt of [name, encodeURIComponent(name)]) {
          const { status } = await app.request(`${API}${path}?${spelt}=${value}`);
          expect([spelt, status]).toEqual([spelt, 200]);
        }
      }

      expect(withOperator).toEqual([
        ...['created_ats', 'updated_ats'].flatMap((name) =>
          ['gt', 'gte', 'lt', 'lte'].map((operator) => `${name}[${operator}]`),
        ),
        ...(path === '/v3/audit_events' ? ['target_guids[not]'] : []),
      ]);
    },
  );

  it.each(['/api/v1/events', '/api/v1/reports/{name}'])(
    'says where %s makes no Parquet, and what a file has not',
    async (path) => {
      const { described } = await served('one foundation');
      const { descriptionOf } = described.find((each) => each.path === path) ?? {};

      expect(descriptionOf?.('format')).toMatch(/; the function in the cloud makes no `parquet`$/);
      if (path === '/api/v1/events')
        expect(descriptionOf?.('file')).toContain('without `limit`, `cursor` and `offset`');
    },
  );
});
