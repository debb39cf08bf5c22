import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { type ArchiveRig, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const EVENTS = [anEventRecord({ created_at: micros('2026-03-10T01:00:00Z') })];
const VARIABLE = 'CF_AUDIT_ARCHIVE_CONFIGURATION';

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

describe('the query function', () => {
  let rig: ArchiveRig;
  beforeAll(async () => {
    rig = await anArchiveRig({ events: EVENTS });
    await rig.run();
    await writeFile(join(rig.directory, 'secret'), ARCHIVER_CLIENT.secret);
  });
  afterAll(() => rig.close());

  const configured = (http: string): void => {
    process.env[VARIABLE] = `
archive: file:${rig.directory}/archive
foundations:
  - { name: eu-1, api: "${rig.sample.apiUrl}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { file: "${rig.directory}/secret" } }
http: ${http}
`;
    jest.resetModules();
  };
  const load = () => import('../../functions/query/handler.ts');

  it.each([
    ['{}', 'http.identity must be uaa'],
    ['{ identity: uaa }', 'http.cursor_key is missing'],
  ])('does not start with %s', async (http, message) => {
    configured(http);

    await expect(load()).rejects.toThrow(message);
  });

  it('answers an HTTP API, and records from where it was asked', async () => {
    configured(`{ identity: uaa, cursor_key: { file: "${rig.directory}/secret" } }`);
    const { handler } = await load();
    const authorization = `bearer ${await rig.sample.uaa.token()}`;
    const context = { getRemainingTimeInMillis: () => 1_000 };

    const refused = await handler(anEvent('/v3/audit_events', '', {}) as never, context as never);
    const answered = await handler(
      anEvent('/v3/audit_events', 'per_page=1', { authorization }) as never,
      context as never,
    );

    expect(refused).toMatchObject({ statusCode: 401 });
    expect(answered).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(JSON.parse(Object(answered).body)).toMatchObject({
      pagination: {
        total_results: 1,
        first: { href: 'https://audit.example.org/v3/audit_events?page=1&per_page=1' },
      },
      resources: [{ guid: EVENTS[0]?.guid }],
    });
    const [key = ''] = await rig.keys('queries/');
    const entry = JSON.parse(new TextDecoder().decode(await rig.store.get(key)));
    expect(entry).toMatchObject({ address: '192.0.2.7', status: 200, path: '/v3/audit_events' });
    expect(JSON.stringify(entry)).not.toContain(authorization.slice(7));
  });
});
