import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { type ArchiveRig, anArchiveRig } from '../support/archive/archive-rig.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aSpaceRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';

const EVENTS = [
  anEventRecord({ created_at: micros('2026-03-10T01:00:00Z'), space_guid: 'space-1' }),
  anEventRecord({ created_at: micros('2026-03-10T02:00:00Z'), space_guid: 'space-2' }),
];
const DEVELOPER = { userGuid: 'user-dev', scopes: ['cloud_controller.read', 'openid'] };

describe('serve', () => {
  let rig: ArchiveRig;
  let running: ServeProcess | undefined;

  beforeAll(async () => {
    rig = await anArchiveRig({
      records: theRecords({
        clients: [ARCHIVER_CLIENT],
        events: EVENTS,
        organizations: [anOrganizationRecord('organization-1')],
        spaces: [
          aSpaceRecord('space-1', 'organization-1'),
          aSpaceRecord('space-2', 'organization-1'),
        ],
        users: [
          {
            guid: 'user-dev',
            username: 'dev',
            email: 'dev@example.org',
            origin: 'uaa',
            password: 'dev',
            scopes: DEVELOPER.scopes,
            created_at: micros('2025-01-01T00:00:00Z'),
          },
        ],
        roles: [
          {
            guid: 'role-1',
            type: 'space_developer',
            user_guid: 'user-dev',
            space_guid: 'space-1',
            organization_guid: null,
            created_at: micros('2025-01-01T00:00:00Z'),
          },
        ],
      }),
    });
    await rig.run();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  afterAll(() => rig.close());

  async function start(http: string, ...flags: string[]): Promise<ServeProcess> {
    const config = join(rig.directory, 'c.yml');
    await writeFile(join(rig.directory, 'secret'), ARCHIVER_CLIENT.secret);
    await writeFile(
      config,
      `archive: file:./archive
foundations:
  - name: eu-1
    api: ${rig.sample.apiUrl}
    client_id: ${ARCHIVER_CLIENT.id}
    client_secret: { file: ./secret }
    retention_days: 6
http: ${http}
`,
    );
    const now = ['--now', '2026-03-12T06:00:00Z'];
    running = await startServe(['--config', config, '--port', '0', ...now, ...flags], {
      XDG_STATE_HOME: rig.directory,
      XDG_CACHE_HOME: rig.directory,
    });
    return running;
  }

  it('answers on this machine alone, puts questions on record, and ends when it is told to', async () => {
    const { url, output, stop } = await start('{}');
    const list = await fetch(`${url}/v3/audit_events`).then((answer) => answer.json());
    const root = await fetch(`${url}/`).then((answer) => answer.json());
    const exitCode = await stop();

    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(output()).toContain('whoever is on this machine sees everything');
    expect(list).toMatchObject({
      pagination: {
        total_results: 2,
        first: { href: `${url}/v3/audit_events?page=1&per_page=50` },
      },
    });
    expect(root).toMatchObject({ links: { uaa: { href: rig.sample.uaaUrl } } });
    expect(exitCode).toBe(0);
    expect(await rig.keys('queries/')).toHaveLength(1);
  });

  it.each([
    [
      ['--host', '0.0.0.0'],
      /--host 0\.0\.0\.0: without identity everybody there would see everything/,
    ],
    [['--host', '::'], /without identity/],
    [['--host', '10.0.0.1'], /without identity/],
    [['--host', '127.0.0.1.example.org'], /without identity/],
    [['--port', '99999'], /--port 99999: write a number from 0 to 65535/],
    [['--port', '-1'], /--port -1: write a number/],
  ])('refuses %j', async (flags, message) => {
    const { url, output, process } = await start('{}', ...flags);

    expect([url, process.exitCode]).toEqual([undefined, 2]);
    expect(output()).toMatch(message);
  });

  it('says that a port is taken', async () => {
    const { port } = new URL(rig.sample.apiUrl);
    const { output, process } = await start('{}', '--port', port);

    expect(process.exitCode).toBe(2);
    expect(output()).toContain('the port is taken');
  });

  it('does not answer under a name that somebody else gave this machine', async () => {
    const { url = '' } = await start('{ query_log: off }');
    const { port } = new URL(url);
    const status = await new Promise((resolve, reject) => {
      const asked = request(
        { port, host: '127.0.0.1', path: '/v3', headers: { host: 'evil.example.org' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      asked.on('error', reject).end();
    });

    expect(status).toBe(421);
  });

  it('knows callers by the tokens of the foundation, and shows each what Cloud Controller would', async () => {
    const { url = '' } = await start('{ identity: uaa, query_log: required }', '--host', '0.0.0.0');
    const own = url.replace('0.0.0.0', '127.0.0.1');
    const ask = async (token: string | undefined) => {
      const answer = await fetch(`${own}/v3/audit_events`, {
        headers: token === undefined ? {} : { authorization: `bearer ${token}` },
      });
      return { status: answer.status, body: await answer.json() };
    };

    expect(await ask(undefined)).toMatchObject({
      status: 401,
      body: { errors: [{ code: 10002 }] },
    });
    expect(await ask('no.such.token')).toMatchObject({
      status: 401,
      body: { errors: [{ code: 1000 }] },
    });
    expect(await ask(await rig.sample.uaa.token())).toMatchObject({
      status: 200,
      body: { pagination: { total_results: 2 } },
    });
    expect(await ask(await rig.sample.uaa.token(DEVELOPER))).toMatchObject({
      status: 200,
      body: { resources: [{ guid: EVENTS[0]?.guid }] },
    });
  });
});
