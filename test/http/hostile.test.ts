import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { QueryEngine } from '../../lib/query/ports.ts';
import {
  ANN,
  API,
  anHttpRig,
  answerOf,
  aSite,
  type HttpRig,
  OPTIONS,
} from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const EVENTS = ['2026-03-09', '2026-03-10', '2026-03-11'].map((day) =>
  anEventRecord({ created_at: micros(`${day}T12:00:00Z`), actee_name: 'a'.repeat(60) }),
);

/** There is a name that it nearly fits in very many ways. */
const STARS = `${'*a'.repeat(20)}*b`;

/** What would tell of the inside: a stack, a path of this program, a token. */
const INSIDE = /\n\s+at |\.ts:\d|node:internal|\/lib\/|the-token-of-ann|Bearer /i;

describe('hostile requests', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
  });
  afterAll(() => rig.close());

  /** An engine of which every call waits until it is cancelled. */
  const aHangingEngine = (onCancel: () => void): QueryEngine => {
    const hang = (signal: AbortSignal | undefined) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => {
          onCancel();
          reject(signal.reason);
        });
      });
    return {
      rows: (_query, _parts, { signal }) => ({
        // biome-ignore lint/correctness/useYield: it never gets so far
        batches: (async function* () {
          await hang(signal);
        })(),
        scannedBytes: () => 0,
        dollars: () => 0,
      }),
      groups: (_query, _parts, { signal }) => hang(signal),
    };
  };

  it.each([
    [`/v3/audit_events?guids=${'x'.repeat(9000)}`, 414],
    [`/${'x'.repeat(9000)}`, 414],
    ['/v3/audit_events/../../../../etc/passwd', 404],
    ['/v3/audit_events/%2e%2e%2f%2e%2e%2fetc%2fpasswd', 404],
    ['/v3/audit_events/..%5c..%5cetc', 404],
    ['/foundations/..%2fevil/v3/audit_events', 404],
    ['/foundations/__proto__/v3/audit_events', 404],
    ['/api/v1/reports/__proto__', 404],
    ['/api/v1/reports/..%2f..%2fsecrets', 404],
    ['/v3/audit_events?guids=%0d%0aSet-Cookie:%20a=b', 200],
    ['/v3/audit_events?order_by=created_at%0d%0aX-Evil:1', 400],
    ["/v3/audit_events?guids=' OR 1=1 --", 200],
    ['/api/v1/events?columns=guid;drop', 400],
    ['/api/v1/events?foundation=eu-1%27', 400],
    ['/api/v1/events?__proto__=1', 400],
    ['/api/v1/events?constructor=1', 400],
    ['/api/v1/events?time_zone=../../etc/localtime', 400],
    ['/api/v1/events?last=999999999999d', 400],
    [`/api/v1/events?target=${STARS}`, 200],
    [`/api/v1/events?not_target=${STARS}`, 200],
    [`/api/v1/queries?user=${STARS}`, 200],
    ['/api/v1/events?from=-271821-04-20', 400],
    ['/api/v1/events?from=0001-01-01', 200],
    ['/v3/apps?names=%00&guids=%F0%9F%99%82', 200],
    ['/v3/audit_events?created_ats[gte]=0000-01-01T00:00:00Z', 200],
    ['/v3/audit_events?page=99999999999999&per_page=5000', 200],
    ['/api/v1/events?offset=999999999', 200],
  ])('answers GET %s with %i and tells nothing', async (path, status) => {
    const response = await rig.get(encodeURI(path).replaceAll('%25', '%'));
    const text = await response.text();

    expect(response.status).toBe(status);
    expect(text).not.toMatch(INSIDE);
    expect(text).not.toContain('root:');
    expect(response.headers.get('set-cookie') ?? response.headers.get('x-evil')).toBeNull();
    expect(rig.faults).toEqual([]);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE-LIKE'])(
    'has nothing for %s',
    async (method) => {
      const { status, body } = await answerOf(
        await rig.app.request(new Request(`${API}/v3/audit_events`, { method })),
      );

      expect([status, body.errors[0].title]).toEqual([404, 'CF-NotFound']);
    },
  );

  it('reads no body', async () => {
    const body = 'x'.repeat(70_000);
    const { status } = await rig.app.request(
      new Request(`${API}/v3/audit_events`, {
        method: 'POST',
        body,
        headers: { 'content-length': '70000' },
      }),
    );

    expect(status).toBe(413);
  });

  it.each([
    (cursor: string) => cursor.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
    (cursor: string) => cursor.slice(0, -1),
    (cursor: string) => `${cursor}.${cursor}`,
    (cursor: string) => cursor.split('.')[0] ?? '',
    (cursor: string) => `.${cursor.split('.')[1]}`,
    () => '',
    () => `${Buffer.from('{"v":1}').toString('base64url')}.AAAA`,
    () => 'x'.repeat(4_000),
  ])('refuses forged cursors', async (forge) => {
    const { body } = await rig.json('/api/v1/events?limit=1');
    const forged = forge(body.next_cursor);

    const answer = await rig.json(`/api/v1/events?limit=1&cursor=${encodeURIComponent(forged)}`);

    expect([answer.status, answer.body.errors[0].title]).toEqual([400, 'CF-BadQueryParameter']);
  });

  it('tells nothing of a fault of its own, and tells its operator', async () => {
    const onFault = jest.fn();
    const app = rig.another({
      onFault,
      sites: [
        aSite({
          visibility: async () => {
            throw new TypeError('cannot read /secret/path with the-token-of-ann');
          },
        }),
      ],
    });
    for (const path of ['/v3/audit_events', '/api/v1/events?format=csv']) {
      const response = await app.request(`${API}${path}`, {
        headers: { authorization: `Bearer ${ANN.token}` },
      });
      const text = await response.text();

      expect(response.status).toBe(500);
      expect(text).toBe(
        '{"errors":[{"detail":"An unknown error occurred.","title":"UnknownError","code":10001}]}',
      );
    }
    expect(onFault).toHaveBeenCalledTimes(2);
  });

  it('tells no path or host of a store that fails', async () => {
    const links = async () => {
      throw new ArchiveError('CF_UNAVAILABLE', 'https://10.0.0.1 is down');
    };
    const response = await rig.another({ sites: [aSite({ links })] }).request(`${API}/`);

    expect([response.status, await response.text()]).toEqual([
      503,
      expect.not.stringContaining('10.0.0.1'),
    ]);
  });

  it('cancels a question that takes too long, and says so', async () => {
    const onCancel = jest.fn();
    const { archive } = { archive: rig.archive };
    const app = rig.another(
      { archive: () => ({ ...archive(), engine: aHangingEngine(onCancel) }) },
      { timeoutMs: 1 },
    );

    const { status, body } = await answerOf(await app.request(`${API}/v3/audit_events`));

    expect([status, body.errors[0].title]).toEqual([422, 'CF-UnprocessableEntity']);
    expect(body.errors[0].detail).toMatch(/no answer in time/);
    expect(onCancel).toHaveBeenCalled();
    expect(rig.questions.at(-1)).toMatchObject({ outcome: 'QUERY_TIMEOUT', status: 422 });
  });

  it('cancels a question whose caller went away', async () => {
    const onCancel = jest.fn();
    const app = rig.another({
      archive: () => ({ ...rig.archive(), engine: aHangingEngine(onCancel) }),
    });
    const away = new AbortController();
    const answer = app.request(new Request(`${API}/v3/audit_events`, { signal: away.signal }));
    setImmediate(() => away.abort());
    await answer;

    expect(onCancel).toHaveBeenCalled();
    expect(rig.questions.at(-1)).toMatchObject({ outcome: 'aborted' });
  });

  it('lets questions of one user wait for each other, and refuses too many', async () => {
    const release: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const visibility = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => {
        release.push(resolve);
      });
      running -= 1;
      return { kind: 'all' } as const;
    };
    const app = rig.another({ sites: [aSite({ visibility })] }, { questionsPerUser: 2 });
    const answers = Array.from({ length: 103 }, () => app.request(`${API}/api/v1/coverage`));
    const refused = await answerOf(await (answers.at(-1) ?? Promise.reject()));
    for (let done = 0; done < 102; done += 1) {
      while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
      release.shift()?.();
    }
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));

    expect([refused.status, refused.body.errors[0]]).toEqual([
      429,
      {
        title: 'CF-RateLimitExceeded',
        code: 10013,
        detail: expect.stringMatching(/^Rate Limit Exceeded: 2 of your questions/),
      },
    ]);
    expect(most).toBe(2);
    expect(statuses.filter((status) => status === 200)).toHaveLength(102);
  });

  it.each([
    [
      'asks for the head of a file only',
      async (app: HttpRig['app']) => {
        const { status, body } = await app.request(
          new Request(`${API}/api/v1/events?format=ndjson`, { method: 'HEAD' }),
        );
        expect([status, body]).toEqual([200, null]);
      },
    ],
    [
      'goes away at once',
      async (app: HttpRig['app']) => {
        const { body } = await app.request(`${API}/api/v1/events?format=ndjson`);
        await body?.cancel();
      },
    ],
    [
      'goes away when the file is a Parquet file',
      async (app: HttpRig['app']) => {
        const { body } = await app.request(`${API}/api/v1/events?format=parquet`);
        await body?.cancel();
      },
    ],
  ])('keeps no turn of a caller who %s', async (_, ask) => {
    const app = rig.another({}, { questionsPerUser: 1 });
    for (let turn = 0; turn < 3; turn += 1) await ask(app);

    expect((await app.request(`${API}/v3/audit_events`)).status).toBe(200);
  });

  it('sends no answer that is longer than what carries it', async () => {
    const app = rig.another({}, { maxAnswerBytes: 300 });
    for (const path of ['/v3/audit_events', '/api/v1/events', '/api/v1/events?format=ndjson']) {
      const { status, body } = await answerOf(await app.request(`${API}${path}`));

      expect([status, body.errors[0].detail]).toEqual([
        422,
        expect.stringMatching(/longer than the 0\.0003 MB/),
      ]);
    }
    expect((await app.request(`${API}/api/v1/events?format=csv&columns=guid`)).status).toBe(200);
    expect((await app.request(`${API}/v3/no_such`)).status).toBe(404);
  });

  it('caps what one user reads in a day', async () => {
    const app = rig.another({}, { dailyScanBytes: 1 });
    const first = await app.request(`${API}/v3/audit_events`);
    const second = await answerOf(await app.request(`${API}/v3/audit_events`));

    expect([first.status, second.status]).toEqual([200, 429]);
    expect(second.body.errors[0].detail).toMatch(
      /daily_scan allows .* ask again after midnight UTC/,
    );
    // The rig's clock says six in the morning.
    expect(second.headers.get('retry-after')).toBe(String(18 * 3600));
  });

  it('refuses ranges that are too long, and questions that would read too much', async () => {
    const short = rig.another({}, { maxRangeMs: 2 * 86_400_000 });
    const cheap = rig.another({ archive: () => ({ ...rig.archive(), maxScanBytes: 10 }) });

    for (const path of [
      '/v3/audit_events',
      '/api/v1/events',
      '/api/v1/reports/crashes',
      '/api/v1/event-types',
    ]) {
      const long = await answerOf(await short.request(`${API}${path}`));
      const large = await answerOf(await cheap.request(`${API}${path}`));

      expect([long.status, large.status]).toEqual([422, 422]);
      expect(long.body.errors[0].detail).toMatch(/max_range allows 2: ask for a shorter range/);
      expect(large.body.errors[0].detail).toMatch(/ask for fewer days \(from, to, last\)/);
    }
    expect((await short.request(`${API}/api/v1/events?last=1d`)).status).toBe(200);
  });

  it('answers only under its own names when it is told them', async () => {
    const app = rig.another({}, { allowedHosts: ['127.0.0.1', 'localhost'] });

    expect((await app.request('http://127.0.0.1:8080/v3')).status).toBe(200);
    expect((await app.request('http://evil.example.org/v3')).status).toBe(421);
  });

  it('has security headers on every answer, and no CORS unless it is configured', async () => {
    const origin = 'https://portal.example.org';
    const app = rig.another({}, { corsOrigins: [origin] });
    const ask = (from: typeof app, headers: Record<string, string>) =>
      from.request(`${API}/v3/audit_events`, { headers });

    for (const path of [
      '/v3/audit_events',
      '/v3/none',
      '/api/v1/events?foo=1',
      `/${'x'.repeat(9000)}`,
    ]) {
      const { headers } = await rig.get(path, { Origin: origin });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await ask(app, { Origin: origin })).headers.get('access-control-allow-origin')).toBe(
      origin,
    );
    expect(
      (await ask(app, { Origin: 'https://evil.example.org' })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
    expect(OPTIONS.corsOrigins).toEqual([]);
  });
});
