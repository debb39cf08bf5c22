import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aList,
  aMockedFoundation,
  aToken,
  type MockedFoundation,
} from '../support/cloud-foundry/mocked-foundation.ts';

const DAY = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

let foundation: MockedFoundation;
let directory: string;

beforeEach(async () => {
  foundation = aMockedFoundation();
  directory = await mkdtemp(join(tmpdir(), 'requests-'));
});

afterEach(async () => {
  await foundation.source.close();
  await rm(directory, { recursive: true });
});

const eventRequests = (): string[] =>
  foundation.sent.map(({ path }) => path).filter((path) => path.startsWith('/v3/audit_events'));

describe('spoolPage', () => {
  it('asks for a half-open window by created_at, 5000 rows, and nothing else', async () => {
    foundation.on('/v3/audit_events', aList([]));

    await foundation.source.spoolPage({ window: DAY, page: 1 }, join(directory, 'page'));

    expect(eventRequests()).toEqual([
      '/v3/audit_events?order_by=created_at&created_ats%5Bgte%5D=2026-03-01T00%3A00%3A00Z&created_ats%5Blt%5D=2026-03-02T00%3A00%3A00Z&per_page=5000',
    ]);
  });

  it('builds the URL of a later page itself', async () => {
    foundation.on('/v3/audit_events', aList([]));

    await foundation.source.spoolPage({ window: DAY, page: 3 }, join(directory, 'page'));

    expect(eventRequests()).toEqual([
      '/v3/audit_events?order_by=created_at&created_ats%5Bgte%5D=2026-03-01T00%3A00%3A00Z&created_ats%5Blt%5D=2026-03-02T00%3A00%3A00Z&per_page=5000&page=3',
    ]);
  });

  it('never follows next, and keeps the body byte for byte', async () => {
    const body =
      '{ "pagination":{"total_results":9,"next":{"href":"https://elsewhere.example.org/"}},\r\n"resources":[1.0,\u0000"é\ud83d"]}';
    foundation.on('/v3/audit_events', { body });

    await foundation.source.spoolPage({ window: DAY, page: 1 }, join(directory, 'page'));

    expect(await readFile(join(directory, 'page'))).toEqual(Buffer.from(body));
    expect(eventRequests()).toHaveLength(1);
  });

  it('says who asks, and carries the token', async () => {
    foundation.on('/v3/audit_events', aList([]));

    await foundation.source.spoolPage({ window: DAY, page: 1 }, join(directory, 'page'));

    expect(foundation.sent.at(-1)?.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'cf-audit-archive/1.2.3',
      authorization: `bearer ${aToken()}`,
    });
  });
});

describe('count', () => {
  it('asks for one row and reads the total', async () => {
    foundation.on('/v3/audit_events', aList([{ guid: 'a' }], 64_478));

    const count = await foundation.source.count(DAY);

    expect(count).toBe(64_478);
    expect(eventRequests()).toEqual([
      '/v3/audit_events?order_by=created_at&created_ats%5Bgte%5D=2026-03-01T00%3A00%3A00Z&created_ats%5Blt%5D=2026-03-02T00%3A00%3A00Z&per_page=1',
    ]);
  });

  it.each([
    ['an instant with an offset', [{ created_at: '2026-03-01T00:00:00+01:00' }]],
    ['no instant', [{ created_at: null }]],
    ['no object', ['event']],
  ])('does not care what the one event is: %s', async (_, resources) => {
    foundation.on('/v3/audit_events', aList(resources, 7));

    expect(await foundation.source.count(DAY)).toBe(7);
  });

  it.each(['{}', '{"errors":[]}', '[]', '{"pagination":{"total_results":"7"},"resources":[]}'])(
    'refuses %s as an answer',
    async (body) => {
      foundation.on('/v3/audit_events', { body });

      await expect(foundation.source.count(DAY)).rejects.toMatchObject({
        code: 'CF_RESPONSE_INVALID',
        message:
          'https://api.example.org/v3/audit_events answered 200 without `pagination.total_results` and `resources`',
      });
    },
  );
});

describe('oldest', () => {
  it('asks for the first event of all', async () => {
    foundation.on('/v3/audit_events', aList([{ created_at: '2026-02-01T03:04:05Z' }], 99));

    const oldest = await foundation.source.oldest();

    expect(oldest).toEqual(new Date('2026-02-01T03:04:05Z'));
    expect(eventRequests()).toEqual(['/v3/audit_events?order_by=created_at&per_page=1']);
  });

  it('is undefined when there is no event', async () => {
    foundation.on('/v3/audit_events', aList([]));

    expect(await foundation.source.oldest()).toBeUndefined();
  });

  it('passes over events that cannot tell when they were', async () => {
    const odd = { created_at: 'yesterday' };
    foundation.on(
      '/v3/audit_events',
      aList([odd]),
      aList([odd, { created_at: null }, { created_at: '2026-02-01T03:04:05.5+01:00' }]),
    );

    expect(await foundation.source.oldest()).toEqual(new Date('2026-02-01T02:04:05.500Z'));
    expect(eventRequests().at(-1)).toBe('/v3/audit_events?order_by=created_at&per_page=100');
  });

  it('refuses to guess when none of them can', async () => {
    foundation.on('/v3/audit_events', aList([{ created_at: null }]));

    await expect(foundation.source.oldest()).rejects.toMatchObject({ code: 'CF_RESPONSE_INVALID' });
  });
});

describe('token', () => {
  it('is asked for at the UAA of the root document, with the credentials in the form', async () => {
    foundation.on('/v3/audit_events', aList([]));

    await foundation.source.count(DAY);

    expect(foundation.sent[0]).toMatchObject({
      path: '/',
      headers: { accept: 'application/json' },
    });
    expect(foundation.sent[0]?.headers).not.toHaveProperty('authorization');
    expect(foundation.sent[1]).toMatchObject({
      origin: 'https://uaa.example.org',
      method: 'POST',
      path: '/oauth/token',
      body: 'grant_type=client_credentials&client_id=audit-archive&client_secret=a%26b%3Dc+%2541%2Bd',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'cf-audit-archive/1.2.3',
      },
    });
    expect(foundation.sent[1]?.headers).not.toHaveProperty('authorization');
  });

  it('serves all requests, however many begin at once', async () => {
    foundation.on('/v3/audit_events', aList([]));

    await Promise.all([1, 2, 3, 4].map(() => foundation.source.count(DAY)));
    await foundation.source.count(DAY);

    expect(foundation.sent.filter(({ path }) => path === '/')).toHaveLength(1);
    expect(foundation.sent.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
  });
});

describe('organizationNames and spaceNames', () => {
  const guids = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${1e11 + index}0`);

  it('look names up in batches whose URLs stay short', async () => {
    foundation.on(
      '/v3/spaces',
      aList([{ guid: guids(301)[0], name: 'first' }]),
      aList([{ guid: guids(301)[200], name: 'production' }]),
      aList([]),
    );

    const names = await foundation.source.spaceNames(guids(301));

    const asked = foundation.sent.map(({ path }) => path).filter((path) => path.includes('spaces'));
    expect(names).toEqual(
      new Map([
        [guids(301)[0], 'first'],
        [guids(301)[200], 'production'],
      ]),
    );
    expect(asked.map((path) => path.split('%2C').length)).toEqual([150, 150, 1]);
    expect(asked.at(-1)).toBe(`/v3/spaces?guids=${guids(301).at(-1)}&per_page=150`);
    for (const path of asked) expect(path.length).toBeLessThan(8_000);
  });

  it('ask for a GUID once in a run, also when it has no name any more', async () => {
    foundation.on('/v3/organizations', aList([{ guid: 'kept', name: 'shop' }]));

    await foundation.source.organizationNames(['kept', 'deleted', 'kept']);
    const names = await foundation.source.organizationNames(['deleted', 'kept']);

    expect(names).toEqual(new Map([['kept', 'shop']]));
    expect(foundation.sent.filter(({ path }) => path.includes('organizations'))).toHaveLength(1);
  });

  it('escape a GUID that is none twice, as Cloud Controller decodes it', async () => {
    foundation.on('/v3/spaces', aList([]));

    await foundation.source.spaceNames(['a,b c&d']);

    expect(foundation.sent.at(-1)?.path).toBe('/v3/spaces?guids=a%252Cb%2520c%2526d&per_page=150');
  });

  it('leave out what a failing look-up would have told, and ask for it next time', async () => {
    const all = guids(200);
    foundation.on(
      '/v3/spaces',
      aList([{ guid: all[0], name: 'first' }]),
      { status: 400 },
      aList([{ guid: all[199], name: 'last' }]),
    );

    const before = await foundation.source.spaceNames(all);
    const after = await foundation.source.spaceNames(all);

    expect(before).toEqual(new Map([[all[0], 'first']]));
    expect(after).toEqual(
      new Map([
        [all[0], 'first'],
        [all[199], 'last'],
      ]),
    );
  });

  it.each(['{"resources":[{"guid":"a"}]}', '{"resources":7}', 'null', '<html>'])(
    'are empty when the answer is %s',
    async (body) => {
      foundation.on('/v3/spaces', { body });

      expect(await foundation.source.spaceNames(['a'])).toEqual(new Map());
    },
  );

  it('ask nothing when there is nothing to ask', async () => {
    await foundation.source.spaceNames([]);

    expect(foundation.sent).toEqual([]);
  });
});
