import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DuckDBQuestionDays } from '../../lib/parquet/question-days.ts';
import { rollQuestionDays } from '../../lib/query-log/roll-days.ts';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { S3ObjectStore } from '../../lib/store/s3-object-store.ts';
import { type ArchiveRig, anArchiveRig, FOUNDATION } from '../support/archive/archive-rig.ts';
import { type AthenaServer, startAthenaServer } from '../support/athena-server.ts';
import { openDuckDBStatements } from '../support/duckdb-statements.ts';
import { type S3Server, s3ServerAbsence, startS3Server } from '../support/s3-server/s3-server.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const EVENTS = ['01', '02'].map((hour) =>
  anEventRecord({ created_at: micros(`2026-03-10T${hour}:00:00Z`) }),
);
/** Of a day before: JSON in JSON in JSON, such as a broker's parameters that were sent as a text. A page of them is just shorter than an answer may be. */
const ESCAPED = Array.from({ length: 318 }, (_, index) =>
  anEventRecord({
    created_at: micros('2026-03-09T12:00:00Z') + index,
    metadata: JSON.stringify({
      request: {
        parameters: JSON.stringify(Array.from({ length: 2_000 }, (_, at) => `${at % 10}`)),
      },
    }),
  }),
);
const BUCKET = 'archive';
const RESULTS = 'results';
/** What Lambda sends of a function at most, in JSON. */
const LAMBDA_BYTES = 6_291_556;
/** Bytes that Athena has read of a statement that goes on. */
const READ = 7_000_000_000;
const ATHENA = '{ athena: { workgroup: w, database: audit, table: events } }';

/** What API Gateway's HTTP API sends (payload 2.0), as far as it matters. */
const anEvent = (path: string, query: string, headers: Record<string, string>) => ({
  version: '2.0' as const,
  routeKey: '$default',
  rawPath: path,
  rawQueryString: query,
  headers: { host: 'audit.example.org', ...headers },
  isBase64Encoded: false,
  body: null,
  requestContext: {
    accountId: '123456789012',
    apiId: 'api',
    domainName: 'audit.example.org',
    domainPrefix: 'audit',
    requestId: 'r',
    routeKey: '$default',
    stage: '$default',
    time: '',
    timeEpoch: 0,
    authentication: null,
    authorizer: {},
    http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
  },
});

const configured = (engine: string, http: string, api = 'https://api.example.org'): void => {
  process.env.CF_AUDIT_ARCHIVE_CONFIGURATION = `
archive: s3://${BUCKET}
engine: ${engine}
foundations:
  - { name: eu-1, api: "${api}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { env: EU1_SECRET } }
http: ${http}
`;
  jest.resetModules();
};
const load = () => import('../../functions/query/handler.ts');

describe('the query function', () => {
  it.each([
    ['duckdb', '{ identity: uaa, cursor_key: { env: KEY } }', 'engine must be athena'],
    [ATHENA, '{}', 'http.identity must be uaa'],
    [ATHENA, '{ identity: uaa }', 'http.cursor_key is missing'],
  ])('does not start with engine %s and http %s', async (engine, http, message) => {
    configured(engine, http);

    await expect(load()).rejects.toThrow(message);
  });
});

const absence = s3ServerAbsence();
const suite = absence === undefined ? describe : describe.skip;

suite(absence ?? 'the query function, answering', () => {
  let rig: ArchiveRig;
  let s3: S3Server;
  let athena: AthenaServer;
  let statements: Awaited<ReturnType<typeof openDuckDBStatements>>;
  let store: S3ObjectStore;
  let authorization: string;
  const written: string[] = [];
  let isStuck = false;
  const stuck = ({ signal }: { readonly signal?: AbortSignal }): Promise<never> =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  beforeAll(async () => {
    rig = await anArchiveRig({ events: [...ESCAPED, ...EVENTS] });
    await rig.run();
    s3 = await startS3Server();
    await s3.createBucket(BUCKET);
    store = new S3ObjectStore(s3.client(), BUCKET);
    for (const key of await rig.keys()) {
      await store.create(key, (await rig.store.get(key)) ?? new Uint8Array());
    }
    statements = await openDuckDBStatements(
      `${rig.directory}/archive`,
      'audit.events',
      `${rig.directory}/spill`,
    );
    await s3.createBucket(RESULTS);
    athena = await startAthenaServer({
      query: (sql, options = {}) => (isStuck ? stuck(options) : statements.query(sql, options)),
      get runningBytes() {
        return isStuck ? READ : 0;
      },
    });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_ATHENA: athena.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      EU1_SECRET: ARCHIVER_CLIENT.secret,
      KEY: 'a key of cursors',
    });
    configured(ATHENA, '{ identity: uaa, cursor_key: { env: KEY } }', rig.sample.apiUrl);
    authorization = `bearer ${await rig.sample.uaa.token()}`;
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await athena?.close();
    statements?.close();
    await s3?.close();
    await rig?.close();
  });

  const send = async (event: object, timeoutMs = 29_000) => {
    const { handler } = await load();
    const end = Date.now() + timeoutMs;
    const answer = await handler(
      event as never,
      { getRemainingTimeInMillis: () => end - Date.now() } as never,
    );
    const { statusCode, body, isBase64Encoded } = Object(answer) as Record<string, unknown>;
    const bytes = Buffer.from(String(body), isBase64Encoded ? 'base64' : 'utf8');
    return { statusCode, body: bytes.toString(), sentBytes: JSON.stringify(answer).length };
  };
  const get = (
    path: string,
    query = '',
    headers: Record<string, string> = {},
    timeoutMs?: number,
  ) => send(anEvent(path, query, headers), timeoutMs);
  const ask = (path: string, query = '') => get(path, query, { authorization });

  it('answers an HTTP API, records from where it was asked, and counts what Athena read', async () => {
    const refused = await get('/v3/audit_events');
    const answered = await ask('/v3/audit_events', 'per_page=1&order_by=-created_at');

    expect(refused).toMatchObject({ statusCode: 401 });
    expect(answered).toMatchObject({ statusCode: 200 });
    expect(JSON.parse(answered.body)).toMatchObject({
      pagination: {
        total_results: ESCAPED.length + EVENTS.length,
        first: {
          href: expect.stringContaining('https://audit.example.org/v3/audit_events?'),
        },
      },
      resources: [{ guid: EVENTS[1]?.guid }],
    });
    const [key = ''] = await keys('queries/');
    const entry = await entryOf(key);
    expect(entry).toMatchObject({ address: '192.0.2.7', status: 200, path: '/v3/audit_events' });
    expect(JSON.stringify(entry)).not.toContain(authorization.slice(7));
    const [metrics] = written.flatMap((line) => (line.includes('_aws') ? [JSON.parse(line)] : []));
    expect(metrics).toMatchObject({ foundation: 'eu-1', BytesScanned: 4096, AthenaCutoffs: 0 });
    expect(written.join()).not.toContain(authorization.slice(7));
  });

  it.each([
    ['GET', 65_536, 200],
    ['GET', 65_537, 413],
    ['HEAD', 1, 200],
    ['HEAD', 65_537, 413],
    ['POST', 1, 404],
    ['POST', 65_537, 413],
  ])('answers %s with a body of %i bytes as `serve` does: %i', async (method, bytes, status) => {
    const event = anEvent('/v3/audit_events', '', { authorization });
    const requestContext = {
      ...event.requestContext,
      http: { ...event.requestContext.http, method },
    };
    const text = 'x'.repeat(bytes);
    const asText = { ...event, requestContext, body: text };
    const asBase64 = {
      ...asText,
      body: Buffer.from(text).toString('base64'),
      isBase64Encoded: true,
    };

    const answers = await Promise.all([asText, asBase64].map((each) => send(each)));

    expect(answers).toMatchObject([{ statusCode: status }, { statusCode: status }]);
  });

  it('sends no answer that is too long for Lambda, however much of it is escapes', async () => {
    const range = 'created_ats[gte]=2026-03-09T00:00:00Z&created_ats[lt]=2026-03-10T00:00:00Z';

    const { statusCode, body, sentBytes } = await ask(
      '/v3/audit_events',
      `${range}&per_page=${ESCAPED.length}`,
    );

    expect([statusCode, JSON.parse(body).resources.length]).toEqual([200, ESCAPED.length]);
    expect(body.length).toBeGreaterThan(3_900_000);
    expect(sentBytes).toBeLessThan(LAMBDA_BYTES);
  });

  it('finds things by the foundation itself', async () => {
    const { statusCode, body } = await ask('/v3/organizations');

    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toHaveProperty('resources');
  });

  it('searches the query log, rolled days and others, without a database', async () => {
    await ask('/api/v1/events', 'from=2026-03-10&to=2026-03-11');
    const before = JSON.parse((await ask('/api/v1/queries')).body).questions;
    await rollQuestionDays(
      {
        store,
        days: new DuckDBQuestionDays(`${rig.directory}/spill`),
        workDirectory: rig.directory,
        now: new Date(Date.now() + 2 * 86_400_000),
      },
      FOUNDATION,
      undefined,
    );

    const { statusCode, body } = await ask('/api/v1/queries', 'path=/API/v1/e*&limit=5');

    expect(statusCode).toBe(200);
    expect(await keys('queries/v1/days/')).toHaveLength(1);
    const [question] = JSON.parse(body).questions;
    expect(before).toContainEqual(question);
    expect(question).toMatchObject({ path: '/api/v1/events', outcome: 'answered' });
  });

  it('exports what it can, and names the formats where it cannot', async () => {
    const range = 'from=2026-03-10&to=2026-03-11';
    const csv = await ask('/api/v1/events', `${range}&format=csv`);
    const before = athena.calls.length;
    const parquet = await ask('/api/v1/events', `${range}&format=parquet`);

    expect(csv).toMatchObject({ statusCode: 200 });
    expect(csv.body.trim().split('\r\n')).toHaveLength(3);
    expect(parquet.statusCode).toBe(400);
    expect(parquet.body).toContain('json, ndjson, csv');
    expect(athena.calls.slice(before).map(({ action }) => action)).not.toContain(
      'StartQueryExecution',
    );
  });

  describe('as it is deployed, when Athena takes longer than Lambda leaves', () => {
    beforeAll(() => {
      configured(
        ATHENA,
        `{ identity: uaa, cursor_key: { env: KEY }, exports: "s3://${RESULTS}", daily_scan: 14GB }`,
        rig.sample.apiUrl,
      );
      isStuck = true;
    });

    it.each(['/api/v1/events', '/api/v1/reports/crashes'])(
      'ends %s before Lambda does: in Athena, on record, and as a 422',
      async (path) => {
        const before = athena.calls.length;
        const known = new Set(await keys('queries/'));
        const begun = Date.now();

        const { statusCode, body } = await get(
          path,
          'format=csv&last=1000d',
          { authorization },
          6_000,
        );

        expect(Date.now() - begun).toBeLessThan(5_500);
        expect([statusCode, JSON.parse(body).errors[0].detail]).toEqual([
          422,
          expect.stringMatching(/ask for fewer days/),
        ]);
        expect(athena.calls.slice(before).map(({ action }) => action)).toContain(
          'StopQueryExecution',
        );
        const entries = (await keys('queries/')).filter((key) => !known.has(key));
        expect(await Promise.all(entries.map(entryOf))).toMatchObject([
          { status: 303, outcome: 'started', scanned_bytes: 0 },
          { status: 422, outcome: 'QUERY_TIMEOUT', scanned_bytes: READ },
        ]);
      },
    );

    it('has charged what Athena read of them to who asked', async () => {
      const { statusCode, body } = await ask('/api/v1/events');

      expect([statusCode, JSON.parse(body).errors[0].detail]).toEqual([
        429,
        expect.stringMatching(/questions of today have read 14\.0 GB/),
      ]);
    });
  });

  const entryOf = async (key: string) => JSON.parse(new TextDecoder().decode(await store.get(key)));

  async function keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list(prefix)) found.push(key);
    return found;
  }
});
