import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ExportFile } from '../../lib/http/ports.ts';
import { REPORTS } from '../../lib/report/report-list.ts';
import { API, anHttpRig, answerOf, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const EVENTS = Array.from({ length: 30 }, (_, index) =>
  anEventRecord({
    created_at: micros(
      `2026-03-${String(7 + Math.floor(index / 6)).padStart(2, '0')}T1${index % 6}:00:00Z`,
    ),
    type: index % 3 === 0 ? 'app.crash' : 'audit.app.update',
    actor_name: index % 2 === 0 ? 'ann@example.org' : 'bob@example.org',
    actee: `app-${index % 4}`,
    actee_name: `name-${index % 4}`,
    metadata: index === 4 ? '{"request":{"text":"needle","big":12345678901234567890}}' : null,
  }),
);
const CLOSED = 'from=2026-03-08&to=2026-03-10';
const guidsOf = (body: { events: { guid: string }[] }): string[] =>
  body.events.map(({ guid }) => guid);

describe('our own API', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
  });
  afterAll(() => rig.close());

  it('answers a page with its coverage, newest first, data digit for digit', async () => {
    const response = await rig.get('/api/v1/events?text=needle');
    const text = await response.text();

    expect(JSON.parse(text)).toMatchObject({
      events: [{ guid: EVENTS[4]?.guid, space: { name: null } }],
      next_cursor: null,
      coverage: { complete: false, message: expect.stringMatching(/not closed yet/) },
      cost_usd: 0,
    });
    expect(text).toContain('12345678901234567890');
    expect(response.headers.get('x-archive-coverage')).toMatch(/^complete=false; closed=/);
  });

  it.each([
    ['actor=ann@*&limit=100', ({ actor_name: name = '' }) => name?.startsWith('ann')],
    ['target=app-1&target=name-2', ({ actee: guid = '' }) => guid === 'app-1' || guid === 'app-2'],
    ['type=app.*', ({ type = '' }) => type === 'app.crash'],
    ['not_type=app.crash', ({ type = '' }) => type !== 'app.crash'],
    ['not_target=app-0&limit=50', ({ actee: guid = '' }) => guid !== 'app-0'],
    ['actor_type=process', () => false],
    [
      CLOSED,
      ({ created_at: at = 0 }) =>
        at >= micros('2026-03-08T00:00:00Z') && at < micros('2026-03-10T00:00:00Z'),
    ],
    [
      'start=2026-03-08&end=2026-03-10',
      ({ created_at: at = 0 }) =>
        at >= micros('2026-03-08T00:00:00Z') && at < micros('2026-03-10T00:00:00Z'),
    ],
    [`guid=${EVENTS[9]?.guid}`, ({ guid = '' }) => guid === EVENTS[9]?.guid],
    ['month=2026-02', () => false],
  ] satisfies [string, (event: Partial<(typeof EVENTS)[number]>) => boolean | undefined][])(
    'filters by %s',
    async (query, matches) => {
      const { body } = await rig.json(`/api/v1/events?order=oldest&${query}`);

      expect(guidsOf(body)).toEqual(EVENTS.filter(matches).map(({ guid }) => guid));
    },
  );

  it('gives the same pages by cursor and by offset', async () => {
    const byCursor: string[] = [];
    let cursor = '';
    do {
      const { body } = await rig.json(`/api/v1/events?limit=7${cursor}`);
      byCursor.push(...guidsOf(body));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    const byOffset: string[] = [];
    let offset: number | null = 0;
    while (offset !== null) {
      const {
        body,
      }: { body: { events: { guid: string }[]; next_offset: number | null; total: number } } =
        await rig.json(`/api/v1/events?limit=7&offset=${offset}`);
      expect(body.total).toBe(30);
      byOffset.push(...guidsOf(body));
      offset = body.next_offset;
    }

    expect(byOffset).toEqual(byCursor);
    expect(byCursor).toEqual(EVENTS.map(({ guid }) => guid).reverse());
  });

  it.each([
    ['format=csv&columns=created_at,guid', 'text/csv'],
    ['format=ndjson', 'application/x-ndjson'],
    ['format=json&file=true', 'application/json'],
  ])('sends everything that matches as a file: %s', async (query, type) => {
    const response = await rig.get(`/api/v1/events?type=app.crash&${query}`);
    const text = await response.text();

    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="events\./);
    for (const { guid, type: kind } of EVENTS) {
      expect(text.includes(guid)).toBe(kind === 'app.crash');
    }
    expect(rig.questions.at(-1)).toMatchObject({ rows: 10, outcome: 'answered', status: 200 });
  });

  it('sends Parquet, and listens to Accept', async () => {
    const response = await rig.get('/api/v1/events?last=90d', {
      Accept: 'application/vnd.apache.parquet',
    });
    const rows = await parquetReadObjects({
      file: await response.arrayBuffer(),
      compressors,
      columns: ['guid'],
    });

    expect(rows.map(({ guid }) => guid)).toEqual(EVENTS.map(({ guid }) => guid).reverse());
    expect(
      (await rig.get('/api/v1/events', { Accept: 'text/csv' })).headers.get('content-type'),
    ).toContain('text/csv');
    expect(
      (await rig.get('/api/v1/events', { Accept: '*/*' })).headers.get('content-type'),
    ).toContain('application/json');
  });

  it.each([
    ['', 'application/x-ndjson'],
    ['&file=true', 'application/json'],
    ['&format=ndjson', 'text/csv'],
    ['&format=json&file=true', 'text/csv'],
  ])(
    'gives whole events in JSON, whatever columns are asked for: %s, Accept: %s',
    async (query, Accept) => {
      const path = `/api/v1/events?${CLOSED}${query}`;
      const whole = await (await rig.get(path, { Accept })).text();
      const asked = await (await rig.get(`${path}&columns=guid,type`, { Accept })).text();

      expect(whole).toContain('"name":"ann@example.org"');
      expect(asked).toBe(whole);
    },
  );

  it('puts exports where the operator wants them, and answers with a link', async () => {
    const published: { readonly name: string; readonly bytes: number }[] = [];
    const app = rig.another({
      exports: {
        publish: async ({ bytes }: ExportFile, name) => {
          published.push({ name, bytes });
          return {
            url: 'https://exports.example.org/x',
            expiresAt: new Date('2026-03-12T07:00:00Z'),
          };
        },
      },
    });

    const { status, headers, body } = await answerOf(
      await app.request(`${API}/api/v1/events?format=csv`),
    );

    expect([status, headers.get('location')]).toEqual([303, 'https://exports.example.org/x']);
    expect(body).toMatchObject({
      url: 'https://exports.example.org/x',
      expires_at: '2026-03-12T07:00:00.000Z',
      rows: 30,
      bytes: published[0]?.bytes,
    });
    expect(published).toEqual([{ name: 'events.csv', bytes: expect.any(Number) }]);
  });

  it('has an ETag for closed days, and answers 304 to who has it', async () => {
    const first = await rig.get(`/api/v1/events?${CLOSED}`);
    const etag = first.headers.get('etag') ?? '';
    const again = await rig.get(`/api/v1/events?${CLOSED}`, { 'If-None-Match': `W/${etag}, "x"` });
    const open = await rig.get('/api/v1/events');

    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect([again.status, again.headers.get('etag')]).toEqual([304, etag]);
    expect([open.headers.get('etag'), open.headers.get('cache-control')]).toEqual([
      null,
      'no-store',
    ]);
    expect((await rig.get(`/api/v1/events?${CLOSED}&limit=1`)).headers.get('etag')).not.toBe(etag);
  });

  it.each([
    `/api/v1/event-types?${CLOSED}`,
    `/api/v1/reports/crashes?${CLOSED}`,
    `/api/v1/reports/crashes?${CLOSED}&format=csv`,
    `/api/v1/events?${CLOSED}&format=ndjson`,
  ])('has one for %s, too, and for no open day', async (path) => {
    const first = await rig.get(path);
    const etag = first.headers.get('etag') ?? '';
    await first.text();
    const again = await rig.get(path, { 'If-None-Match': etag });
    const open = await rig.get(path.replace(CLOSED, 'from=2026-03-08'));
    await open.text();

    expect([first.status, etag]).toEqual([200, expect.stringMatching(/^"[\w-]{43}"$/)]);
    expect([again.status, await again.text(), again.headers.get('x-archive-coverage')]).toEqual([
      304,
      '',
      'complete=true; closed=2',
    ]);
    expect([open.headers.get('etag'), open.headers.get('cache-control')]).toEqual([
      null,
      'no-store',
    ]);
  });

  it('has another one for another format that Accept asks for', async () => {
    const path = `/api/v1/reports/crashes?${CLOSED}`;
    const [json, csv] = await Promise.all(
      ['application/json', 'text/csv'].map(async (Accept) => {
        const response = await rig.get(path, { Accept });
        await response.text();
        return response.headers.get('etag');
      }),
    );

    expect(json).not.toBe(csv);
  });

  it('shows one event by its GUID, and says the same of an unknown one as Cloud Controller', async () => {
    const { body } = await rig.json(`/api/v1/events/${EVENTS[4]?.guid}`);
    const unknown = await rig.json('/api/v1/events/none');

    expect(body).toMatchObject({ guid: EVENTS[4]?.guid, data: { request: { text: 'needle' } } });
    expect([unknown.status, unknown.body.errors[0].title]).toEqual([404, 'CF-ResourceNotFound']);
  });

  it('lists the reports, and makes each in JSON and CSV', async () => {
    const { body } = await rig.json('/api/v1/reports');

    expect(body.reports.map(({ name }: { name: string }) => name)).toEqual(
      REPORTS.map(({ name }) => name),
    );
    for (const { name, columns } of REPORTS) {
      const answer = await rig.json(`/api/v1/reports/${name}?last=30d`);
      expect(answer.body).toMatchObject({
        report: name,
        columns: columns.map(({ title }) => title),
        coverage: { complete: false },
      });
      const csv = await (await rig.get(`/api/v1/reports/${name}?format=csv&target=app-1`)).text();
      expect(csv.split('\r\n')[0]).toBe(columns.map(({ title }) => title).join(','));
    }
    expect((await rig.json('/api/v1/reports/none')).status).toBe(404);
  });

  it('tells what the archive has of each day, and which types there are', async () => {
    const coverage = (await rig.json('/api/v1/coverage?from=2026-03-10')).body;
    const types = (await rig.json(`/api/v1/event-types?${CLOSED}`)).body;

    expect(coverage.days).toEqual([
      { foundation: 'eu-1', dt: '2026-03-10', state: 'closed' },
      { foundation: 'eu-1', dt: '2026-03-11', state: 'closed' },
      { foundation: 'eu-1', dt: '2026-03-12', state: 'open' },
    ]);
    expect(types).toMatchObject({
      event_types: [
        {
          type: 'app.crash',
          events: 4,
          first: '2026-03-08T10:00:00Z',
          last: '2026-03-09T13:00:00Z',
        },
        { type: 'audit.app.update', events: 8 },
      ],
      coverage: { complete: true, message: null },
    });
  });

  it.each([
    [
      '/api/v1/events?foo=1',
      "Unknown query parameter(s): 'foo'. Valid parameters are: 'foundation'",
    ],
    ['/api/v1/events?limit=0', 'limit must be at least 1'],
    ['/api/v1/events?limit=x', 'limit must be a whole number'],
    ['/api/v1/events?limit=1&limit=2', 'limit must be given once'],
    ['/api/v1/events?order=up', 'order must be one of newest, oldest'],
    ['/api/v1/events?format=xml', 'format must be one of json, ndjson, csv, parquet'],
    ['/api/v1/events?last=soon', 'last soon: write a whole number and m, h, d or w'],
    ['/api/v1/events?from=2026-03-09&start=2026-03-09', 'start is another name for from'],
    ['/api/v1/events?last=3d&month=2026-03', 'last and month exclude each other'],
    ['/api/v1/events?from=2026-03-10&to=2026-03-09', 'from must be earlier than to'],
    ['/api/v1/events?not_type=a*b', 'not_type: use a whole type'],
    ['/api/v1/events?cursor=x', 'cursor: it is not one of this archive, or was changed'],
    ['/api/v1/events?cursor=x&offset=1', 'cursor and offset exclude each other'],
    ['/api/v1/events?cursor=x&format=csv', 'limit, cursor and offset are for pages'],
    ['/api/v1/events?limit=5&format=csv', 'limit, cursor and offset are for pages'],
    ['/api/v1/events?limit=5&file=true', 'limit, cursor and offset are for pages'],
    ['/api/v1/events?columns=guid,nothing', 'columns must be one of guid, created_at'],
    ['/api/v1/events?columns=guid,type,guid', 'columns must not name guid twice'],
    ['/api/v1/events?columns=type,+type&format=parquet', 'columns must not name type twice'],
    ['/api/v1/events?foundation=us-1', 'there is no such foundation; there are eu-1'],
    ['/api/v1/reports/crashes?type=x', "Unknown query parameter(s): 'type'"],
    ['/api/v1/coverage?text=x', "Unknown query parameter(s): 'text'"],
    [
      `/api/v1/events?actor=${'x'.repeat(1025)}`,
      'actor: a GUID or a name has 1,024 characters at most',
    ],
  ])('refuses %s', async (path, message) => {
    const { status, body } = await rig.json(path);

    expect([status, body.errors[0].title]).toEqual([400, 'CF-BadQueryParameter']);
    expect(body.errors[0].detail).toContain(`The query parameter is invalid: `);
    expect(body.errors[0].detail).toContain(message);
  });

  it.each([
    ['month=--a-b', 'month --a-b: write a month such as 2026-03'],
    ['last=--not-type', 'last --not-type: write a whole number and m, h, d or w, such as 7d'],
    ['last=1%0A2', 'last 1\n2: write a whole number and m, h, d or w, such as 7d'],
    [
      'to=--a-b',
      'to --a-b: write a UTC day such as 2026-03-01, or an instant such as 2026-03-01T12:00:00Z',
    ],
    ['time_zone=--a-b', 'time_zone --a-b: write a time zone such as Europe/Berlin or UTC'],
    ['foundation=--a-b', 'foundation --a-b: there is no such foundation; there are eu-1'],
  ])('tells a value of %s as it was sent', async (query, message) => {
    const { body } = await rig.json(`/api/v1/events?${query}`);

    expect(body.errors[0].detail).toBe(`The query parameter is invalid: ${message}`);
  });

  it.each([
    [
      'not_type=a*b&actor_type=',
      'not_type: use a whole type such as audit.app.update, or a prefix such as audit.app.*, actor_type: write the type of an actor',
    ],
    [
      'today=true&yesterday=true&from=2026-03-08',
      'today and yesterday and from/to exclude each other: write one of them, or from and to',
    ],
    ['month=2027-01', 'month lies in the future'],
    ['from=2027-01-01', 'from lies in the future'],
    ['cursor=x', 'cursor: it is not one of this archive, or was changed; ask again without it'],
  ])('names the parameters of %s as a URL has them', async (query, message) => {
    const { body } = await rig.json(`/api/v1/events?${query}`);

    expect(body.errors[0].detail).toBe(`The query parameter is invalid: ${message}`);
  });

  it('says by which parameters a question becomes cheaper', async () => {
    const cheap = rig.another({ archive: () => ({ ...rig.archive(), maxScanBytes: 10 }) });
    const { status, body } = await answerOf(await cheap.request(`${API}/api/v1/events`));

    expect([status, body.errors[0].detail]).toEqual([
      422,
      expect.stringMatching(
        /^this question may read .*: ask for fewer days \(from, to, last\) or one foundation, or raise max_scan in the configuration$/,
      ),
    ]);
  });
});
