import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CloudFoundryFoundation,
  type FoundationOptions,
} from '../../lib/cloud-foundry/cloud-foundry-foundation.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { Fault } from '../../lib/sample-foundation/http/faults.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aGrant,
  aList,
  aMockedFoundation,
  aRoot,
  aToken,
  type MockedAnswer,
  recordedWaits,
} from '../support/cloud-foundry/mocked-foundation.ts';
import { anEventRecord, theRecords } from '../support/sample-foundation/records.ts';

const DAY = { from: new Date('2026-03-10T00:00:00Z'), to: new Date('2026-03-11T00:00:00Z') };
const PAGE = { window: DAY, page: 1 };
const EVENTS = '/v3/audit_events';

let sample: SampleFoundation;
let directory: string;
const opened: CloudFoundryFoundation[] = [];

beforeAll(async () => {
  sample = await startSampleFoundation({
    now: new Date('2026-03-12T00:00:00Z'),
    records: theRecords({
      events: Array.from({ length: 300 }, () => anEventRecord()),
      clients: [
        ARCHIVER_CLIENT,
        { id: 'reader', secret: 'reader-secret', authorities: ['cloud_controller.read'] },
        { id: 'nobody', secret: 'nobody-secret', authorities: [] },
      ],
    }),
  });
});

afterAll(() => sample.close());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'failures-'));
});

afterEach(async () => {
  sample.faults.clear();
  await sample.listener.accept();
  sample.requests.reset();
  sample.hooks.betweenCountAndRows = undefined;
  await Promise.all(opened.splice(0).map((source) => source.close()));
  await rm(directory, { recursive: true });
});

function aSource(over: Partial<FoundationOptions> = {}) {
  const { waits, sleep } = recordedWaits();
  const source = new CloudFoundryFoundation({
    api: sample.apiUrl,
    clientId: ARCHIVER_CLIENT.id,
    clientSecret: async () => ARCHIVER_CLIENT.secret,
    concurrency: 2,
    userAgent: 'test/1',
    ...over,
    retry: { random: () => 0.5, sleep, ...over.retry },
  });
  opened.push(source);
  return { source, waits };
}

/** Half of the ceiling, which doubles from attempt to attempt. */
const BACK_OFF = [250, 500, 1000, 2000, 4000];

const failureOf = (promise: Promise<unknown>): Promise<ArchiveError> =>
  promise.then(
    () => Promise.reject(new Error('expected a failure')),
    (error) => {
      expect(error).toBeInstanceOf(ArchiveError);
      return error;
    },
  );

/** Messages of an error and of all its causes. */
const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${wordsOf(error.cause)}` : String(error);

describe('a moment of trouble', () => {
  it.each<[string, Fault, number[]]>([
    ['429 with Retry-After', { kind: 'rate-limited', retryAfterSeconds: 60 }, [60_250, 60_250]],
    ['429 of nginx', { kind: 'nginx-rate-limited' }, [250, 500]],
    ['503 without its database', { kind: 'database-lost' }, [250, 500]],
    ['503 during maintenance', { kind: 'maintenance' }, [250, 500]],
    [
      '503 with Retry-After',
      { kind: 'replaced', status: 503, headers: { 'Retry-After': '7' }, body: '' },
      [7250, 7250],
    ],
    ['500', { kind: 'unknown-error' }, [250, 500]],
    [
      '500 whose Retry-After is not for us',
      { kind: 'replaced', status: 500, headers: { 'Retry-After': '900' }, body: '' },
      [250, 500],
    ],
    ['502 of the router', { kind: 'bad-gateway' }, [250, 500]],
    ['502 without UAA', { kind: 'uaa-unavailable' }, [250, 500]],
    ['404 of the router', { kind: 'unknown-route' }, [250, 500]],
    ['a body cut off', { kind: 'cut-body' }, [250, 500]],
    ['a connection reset', { kind: 'reset' }, [250, 500]],
  ])('is waited out: %s', async (_, fault, expected) => {
    const { source, waits } = aSource();
    sample.faults.add({ on: EVENTS, times: 2, fault });

    const count = await source.count(DAY);

    expect(count).toBe(300);
    expect(waits).toEqual(expected);
    expect(sample.requests.count(EVENTS)).toBe(3);
  });

  it.each<[string, Fault, string]>([
    ['429', { kind: 'nginx-rate-limited' }, 'CF_UNAVAILABLE'],
    ['500', { kind: 'unknown-error' }, 'CF_UNAVAILABLE'],
    ['404 of the router', { kind: 'unknown-route' }, 'CF_UNAVAILABLE'],
    ['a body cut off', { kind: 'cut-body' }, 'CF_UNREACHABLE'],
    ['JSON that breaks off', { kind: 'truncated-body' }, 'CF_RESPONSE_INVALID'],
    ['an empty body', { kind: 'truncated-body', afterBytes: 0 }, 'CF_RESPONSE_INVALID'],
  ])('is an error when six attempts met it: %s', async (_, fault, code) => {
    const { source, waits } = aSource();
    sample.faults.add({ on: EVENTS, fault });

    const failure = await failureOf(source.count(DAY));

    expect(failure).toMatchObject({ code, retryable: true });
    expect(failure.message).toContain(`${sample.apiUrl}/v3/audit_events `);
    expect(failure.message).not.toContain('\n');
    expect(waits).toEqual(BACK_OFF);
    expect(sample.requests.count(EVENTS)).toBe(6);
  });

  it('says what Cloud Controller said of it', async () => {
    const { source } = aSource();
    sample.faults.add({ on: EVENTS, fault: { kind: 'database-lost' } });

    const failure = await failureOf(source.count(DAY));

    expect(failure.message).toMatch(
      /answered 503 \(CF-ServiceUnavailable: .*Database connection failure.*\)$/,
    );
  });

  it('is waited out when nobody listens', async () => {
    const { source, waits } = aSource({
      retry: {
        sleep: async () => {
          if (waits.push(0) === 2) await sample.listener.accept();
        },
      },
    });
    await sample.listener.refuse();

    await source.check();

    expect(waits).toEqual([0, 0]);
  });

  it('is an error that names the host when nobody ever listens', async () => {
    const { source, waits } = aSource();
    await sample.listener.refuse();

    const failure = await failureOf(source.check());

    expect(failure).toMatchObject({
      code: 'CF_UNREACHABLE',
      message: `${sample.apiUrl}/ cannot be read: ECONNREFUSED; check \`api\`, and that this machine reaches it`,
    });
    expect(waits).toEqual(BACK_OFF);
  });

  it.each<[string, MockedAnswer['headers'], number]>([
    [
      'by the clock of the answer',
      { date: 'Tue, 10 Mar 2026 12:00:00 GMT', 'retry-after': 'Tue, 10 Mar 2026 12:01:30 GMT' },
      90_250,
    ],
    [
      'not at all when it is over',
      { date: 'Tue, 10 Mar 2026 12:00:00 GMT', 'retry-after': 'Tue, 10 Mar 2026 11:00:00 GMT' },
      250,
    ],
    [
      'by our own clock when the answer has none',
      { 'retry-after': 'Tue, 10 Mar 2020 12:00:00 GMT' },
      250,
    ],
    ['as usual when it is not understood', { 'retry-after': '1.5' }, 250],
  ])('is waited out until an HTTP date, %s', async (_, headers, expected) => {
    const { source, waits } = mocked({ status: 429, headers: { ...headers } }, aList([], 1));

    await source.count(DAY);

    expect(waits).toEqual([expected]);
  });

  it('spreads its attempts by chance', async () => {
    const { source, waits } = aSource({ retry: { random: () => 0.999 } });
    sample.faults.add({ on: EVENTS, times: 2, fault: { kind: 'unknown-error' } });

    await source.count(DAY);

    expect(waits).toEqual([500, 999]);
  });
});

/** A foundation whose list of events answers so, one after the other. */
function mocked(...answers: MockedAnswer[]) {
  const foundation = aMockedFoundation();
  opened.push(foundation.source);
  foundation.on(EVENTS, ...answers);
  return foundation;
}

describe('the end of the run', () => {
  it.each<Fault>([
    { kind: 'rate-limited', retryAfterSeconds: 3600 },
    { kind: 'replaced', status: 503, headers: { 'Retry-After': '3600' }, body: '' },
  ])('comes before what Retry-After asks for', async (fault) => {
    const { source, waits } = aSource({ retry: { remainingMs: () => 3_600_000 } });
    sample.faults.add({ on: EVENTS, fault });

    const failure = await failureOf(source.count(DAY));

    expect(failure.code).toBe('DEADLINE_REACHED');
    expect(failure.message).toContain('waiting 3601 s would outlast this run');
    expect(waits).toEqual([]);
  });

  it('is no time for another request', async () => {
    const { source } = aSource({ retry: { remainingMs: () => 0 } });

    await expect(source.check()).rejects.toMatchObject({ code: 'DEADLINE_REACHED' });
    expect(sample.requests.count()).toBe(0);
  });

  it('ends a request that gets no answer', async () => {
    let remaining = 60_000;
    const { source } = aSource({ retry: { remainingMs: () => remaining } });
    await source.check();
    sample.faults.add({ on: EVENTS, fault: { kind: 'no-answer' } });
    remaining = 5;

    await expect(source.count(DAY)).rejects.toMatchObject({ code: 'DEADLINE_REACHED' });
  });

  it('ends a look-up of names like any other', async () => {
    let remaining = 60_000;
    const { source } = aSource({ retry: { remainingMs: () => remaining } });
    await source.check();
    remaining = 0;

    await expect(source.spaceNames(['a'])).rejects.toMatchObject({ code: 'DEADLINE_REACHED' });
  });
});

describe('what asking again does not cure', () => {
  it.each<[string, Fault]>([
    [
      '404 with a v3 error',
      {
        kind: 'replaced',
        status: 404,
        body: '{"errors":[{"detail":"Unknown request","title":"CF-NotFound","code":10000}]}',
      },
    ],
    ['404 without one', { kind: 'replaced', status: 404, body: 'not found' }],
    ['400', { kind: 'replaced', status: 400, body: '{"errors":[]}' }],
    ['a redirect', { kind: 'replaced', status: 302, headers: { Location: '/' }, body: '' }],
    ['HTML with 200', { kind: 'replaced', body: '<html>Welcome</html>' }],
  ])('is an error at once: %s', async (_, fault) => {
    const { source, waits } = aSource();
    sample.faults.add({ on: EVENTS, fault });

    const failure = await failureOf(source.count(DAY));

    expect(failure.code).toBe('CF_RESPONSE_INVALID');
    expect(failure.message).toContain(`${sample.apiUrl}/v3/audit_events answered `);
    expect(waits).toEqual([]);
    expect(sample.requests.count(EVENTS)).toBe(1);
  });

  it('is a refused request: 403', async () => {
    const { source } = mocked({
      status: 403,
      body: '{"errors":[{"detail":"You are not authorized","title":"CF-NotAuthorized","code":10003}]}',
    });

    await expect(source.count(DAY)).rejects.toMatchObject({
      code: 'CF_SCOPE_MISSING',
      message:
        'https://api.example.org/v3/audit_events answered 403 (CF-NotAuthorized: You are not authorized)',
    });
  });
});

describe('check', () => {
  it('is well with a foundation that shows us everything', async () => {
    const { source } = aSource();

    await expect(source.check()).resolves.toBeUndefined();
  });

  it.each<[string, MockedAnswer]>([
    ['a web page', { body: '<!DOCTYPE html><html></html>' }],
    ['a document of something else', { body: '{"links":{}}' }],
    ['not found', { status: 404, body: 'nothing here' }],
    ['an API without a v3', { body: '{"links":{"uaa":{"href":"https://uaa.example.org"}}}' }],
  ])('names `api` when its URL is no Cloud Foundry API: %s', async (_, answer) => {
    const foundation = mocked();
    foundation.on('/', answer);

    const failure = await failureOf(foundation.source.check());

    expect(failure.code).toBe('CF_RESPONSE_INVALID');
    expect(failure.message).toMatch(
      /^https:\/\/api\.example\.org\/ is no Cloud Foundry API root: .*; check `api`$/,
    );
    expect(foundation.waits).toEqual([]);
  });

  it.each(['3.87.0', '3.78.0', '2.293.0', '3.87.99'])('refuses API version %s', async (version) => {
    const foundation = mocked();
    foundation.on('/', aRoot(version));

    await expect(foundation.source.check()).rejects.toMatchObject({
      code: 'CF_UNSUPPORTED',
      message: expect.stringContaining(
        `speaks v3 API ${version}; this program needs 3.88.0 or later`,
      ),
    });
  });

  it.each(['3.88.0', '3.100.0', '3.228.0', '4.0.0'])('takes API version %s', async (version) => {
    const foundation = mocked();
    foundation.on('/', aRoot(version));

    await expect(foundation.source.check()).resolves.toBeUndefined();
  });

  it('asks for the root again after a failure', async () => {
    const foundation = mocked();
    foundation.on('/', { status: 404 }, aRoot());

    await expect(foundation.source.check()).rejects.toThrow();
    await expect(foundation.source.check()).resolves.toBeUndefined();
  });
});

describe('token', () => {
  it('that expires in mid-run is replaced by exactly one other, and nothing is lost', async () => {
    const { source, waits } = aSource({ concurrency: 4 });
    await source.count(DAY);
    sample.uaa.expireTokens();

    const counts = await Promise.all([1, 2, 3, 4].map(() => source.count(DAY)));

    expect(counts).toEqual([300, 300, 300, 300]);
    expect(sample.requests.count('/oauth/token')).toBe(2);
    expect(waits).toEqual([]);
  });

  it('that is about to end is replaced by exactly one other before it is used', async () => {
    const foundation = mocked(aList([], 1));
    foundation.on('/oauth/token', aGrant(aToken('short'), 1e-9), aGrant(aToken('long')));
    await foundation.source.check();

    await Promise.all([1, 2, 3].map(() => foundation.source.count(DAY)));

    const used = foundation.sent.map(({ headers }) => headers.authorization).filter(Boolean);
    expect(used).toEqual(Array(3).fill(`bearer ${aToken('long')}`));
    expect(foundation.sent.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });

  it('that is refused twice is an error, without waiting', async () => {
    const { source, waits } = aSource();
    sample.faults.add({ on: EVENTS, fault: { kind: 'expired-token' } });

    const failure = await failureOf(source.count(DAY));

    expect(failure.code).toBe('CF_UNAUTHORIZED');
    expect(failure.message).toMatch(
      /answered 401 \(CF-InvalidAuthToken: .*\): the token is refused even when new/,
    );
    expect(waits).toEqual([]);
    expect(sample.requests.count(EVENTS)).toBe(2);
    expect(sample.requests.count('/oauth/token')).toBe(2);
  });

  it('is renewed once for a request, however often that is tried', async () => {
    const foundation = mocked({ status: 401 }, { status: 503 }, { status: 401 }, aList([], 1));
    foundation.on('/oauth/token', aGrant(aToken('first')), aGrant(aToken('second')));

    const failure = await failureOf(foundation.source.count(DAY));

    expect(failure.code).toBe('CF_UNAUTHORIZED');
    expect(foundation.sent.filter(({ path }) => path === '/oauth/token')).toHaveLength(2);
  });

  it('is refused to a wrong secret, and the message names the keys but not the secret', async () => {
    const { source, waits } = aSource({ clientSecret: async () => 'wrong-and-secret' });

    const failure = await failureOf(source.check());

    expect(failure).toMatchObject({
      code: 'CF_UNAUTHORIZED',
      message: `UAA at ${sample.uaaUrl} refused client audit-archive (401): check \`client_id\` and \`client_secret\`, and that the client may use the grant client_credentials`,
    });
    expect(wordsOf(failure)).not.toContain('wrong-and-secret');
    expect(waits).toEqual([]);
  });

  it.each([
    ['reader', 'cloud_controller.read'],
    ['nobody', 'nothing'],
  ])('that would not see all events is refused: client %s', async (clientId, scopes) => {
    const { source } = aSource({ clientId, clientSecret: async () => `${clientId}-secret` });

    const failure = await failureOf(source.check());

    expect(failure.code).toBe('CF_SCOPE_MISSING');
    expect(failure.message).toContain(
      'has none of cloud_controller.admin, cloud_controller.admin_read_only, cloud_controller.global_auditor',
    );
    expect(failure.message).toContain(`(it has: ${scopes})`);
  });

  it('that lost its scope in mid-run is refused before a request carries it', async () => {
    const foundation = mocked(aList([], 1), { status: 401 }, aList([], 0));
    foundation.on('/oauth/token', aGrant(), aGrant(aToken('less', ['cloud_controller.read'])));
    await foundation.source.count(DAY);

    await expect(foundation.source.count(DAY)).rejects.toMatchObject({ code: 'CF_SCOPE_MISSING' });
    expect(foundation.sent.filter(({ path }) => path.startsWith(EVENTS))).toHaveLength(2);
  });

  it.each(['cloud_controller.admin', 'cloud_controller.global_auditor'])(
    'with %s is enough',
    async (scope) => {
      const foundation = mocked();
      foundation.on('/oauth/token', aGrant(aToken('other', [scope])));

      await expect(foundation.source.check()).resolves.toBeUndefined();
    },
  );

  it('that is no JWT is refused, because nobody can tell what it sees', async () => {
    const foundation = mocked();
    foundation.on('/oauth/token', aGrant('0123456789abcdef'));

    const failure = await failureOf(foundation.source.check());

    expect(failure.code).toBe('CF_RESPONSE_INVALID');
    expect(wordsOf(failure)).not.toContain('0123456789abcdef');
  });

  it.each<[string, MockedAnswer]>([
    ['503', { status: 503 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '3' } }],
    ['404 of the router', { status: 404, headers: { 'x-cf-routererror': 'unknown_route' } }],
    ['a web page', { body: '<html>' }],
    ['no token', { body: '{"access_token":""}' }],
  ])('is asked for again after a moment of trouble: %s', async (_, answer) => {
    const foundation = mocked();
    foundation.on('/oauth/token', answer, aGrant());

    await foundation.source.check();

    expect(foundation.waits).toEqual([answer.headers?.['retry-after'] ? 3250 : 250]);
  });

  it('is an error when UAA never gives one', async () => {
    const foundation = mocked();
    foundation.on('/oauth/token', { status: 503 });

    await expect(foundation.source.check()).rejects.toMatchObject({
      code: 'CF_UNAVAILABLE',
      message: 'UAA at https://uaa.example.org answered 503',
    });
    expect(foundation.waits).toEqual(BACK_OFF);
  });

  it('is an error at once where there is no UAA', async () => {
    const foundation = mocked();
    foundation.on('/oauth/token', { status: 404 });

    await expect(foundation.source.check()).rejects.toThrow('answered 404');
    expect(foundation.waits).toEqual([]);
  });
});

describe('spoolPage', () => {
  it('reads a body that comes slowly', async () => {
    const { source, waits } = aSource();
    const file = join(directory, 'page');
    sample.faults.add({
      on: EVENTS,
      fault: { kind: 'slow-body', bytesPerPiece: 20_000, pauseMs: 1 },
    });

    await source.spoolPage(PAGE, file);

    expect(JSON.parse(await readFile(file, 'utf8')).resources).toHaveLength(300);
    expect(waits).toEqual([]);
  });

  it('leaves no file behind when the connection dies in every body', async () => {
    const { source } = aSource();
    sample.faults.add({ on: EVENTS, fault: { kind: 'cut-body' } });

    await expect(source.spoolPage(PAGE, join(directory, 'page'))).rejects.toMatchObject({
      code: 'CF_UNREACHABLE',
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it('holds nothing of the body that broke off before', async () => {
    const { source } = aSource();
    const file = join(directory, 'page');
    sample.faults.add({ on: EVENTS, times: 1, fault: { kind: 'cut-body', afterBytes: 50_000 } });

    await source.spoolPage(PAGE, file);

    expect(JSON.parse(await readFile(file, 'utf8')).resources).toHaveLength(300);
  });

  it('says that the work folder is full, and does not ask again', async () => {
    const { source } = aSource();
    const file = join(directory, 'page');
    await symlink('/dev/full', file);

    const failure = await failureOf(source.spoolPage(PAGE, file));

    expect(failure).toMatchObject({
      code: 'STORE_FULL',
      message:
        'no space left for the body of /v3/audit_events in the work folder; free some, or point TMPDIR to a larger disk',
    });
    expect(sample.requests.count(EVENTS)).toBe(1);
  });

  it('says that the work folder cannot be written', async () => {
    const { source, waits } = aSource();
    await writeFile(join(directory, 'file'), '');

    const failure = await failureOf(source.spoolPage(PAGE, join(directory, 'file', 'page')));

    expect(failure).toMatchObject({
      code: 'WORK_FAILED',
      message: 'the body of /v3/audit_events cannot be written into the work folder (ENOTDIR)',
    });
    expect(waits).toEqual([]);
  });
});

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('concurrency', () => {
  it.each([1, 2, 5])('of %i is never exceeded, and used', async (concurrency) => {
    const { source } = aSource({ concurrency });
    let running = 0;
    let most = 0;
    sample.hooks.betweenCountAndRows = async () => {
      running += 1;
      most = Math.max(most, running);
      // Hold on until the others are here too, and then long enough for one too many to show.
      for (let turn = 0; turn < 2000 && most < concurrency; turn += 1) await turnOfLoop();
      for (let turn = 0; turn < 20; turn += 1) await turnOfLoop();
      running -= 1;
    };

    await Promise.all([
      ...Array.from({ length: 6 }, () => source.count(DAY)),
      ...Array.from({ length: 6 }, (_, index) =>
        source.spoolPage(PAGE, join(directory, `${index}`)),
      ),
      source.organizationNames(['organization-1']),
      source.spaceNames(['space-1']),
    ]);

    expect(most).toBe(concurrency);
  });
});

describe('an error message', () => {
  it.each<Fault>([
    { kind: 'unknown-error' },
    { kind: 'cut-body' },
    { kind: 'truncated-body' },
    { kind: 'reset' },
    { kind: 'expired-token' },
    { kind: 'rate-limited' },
    { kind: 'replaced', status: 400, body: '{"errors":[]}' },
    { kind: 'replaced', body: '<html>' },
  ])('holds neither token nor query: $kind', async (fault) => {
    const { source } = aSource();
    sample.faults.add({ on: EVENTS, fault });

    const words = [
      wordsOf(await failureOf(source.count(DAY))),
      wordsOf(await failureOf(source.spoolPage(PAGE, join(directory, 'no', 'page')))),
    ].join('\n');

    expect(words).not.toMatch(/eyJ|bearer|created_ats|\?|per_page/i);
  });
});
