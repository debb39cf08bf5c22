import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ARCHIVER_CLIENT } from '../../../lib/sample-foundation/sample-foundation.ts';
import { type ArchiveRig, anArchiveRig } from '../../support/archive/archive-rig.ts';
import {
  anAppRecord,
  anEventRecord,
  anOrganizationRecord,
  aSpaceRecord,
  micros,
  theRecords,
} from '../../support/sample-foundation/records.ts';
import { type ServeProcess, startServe } from '../../support/serve-process.ts';

const CF = join(
  process.env.CF_AUDIT_ARCHIVE_CACHE ?? join(homedir(), '.cache/cf-audit-archive'),
  'cf-8.18.0/cf',
);
const absence =
  existsSync(CF) || process.env.CI === 'true'
    ? undefined
    : 'the cf CLI (skipped: .ci/install-conformance has not built it)';
const suite = absence === undefined ? describe : describe.skip;

const at = (day: number, time: string): number =>
  micros(`2026-03-${String(day).padStart(2, '0')}T${time}Z`);
const shopped = { space_guid: 'space-guid', organization_guid: 'organization-guid' };
const checkout = (created_at: number, type: string, metadata: string | null = null) =>
  anEventRecord({
    ...shopped,
    created_at,
    type,
    metadata,
    actee: 'checkout-guid',
    actee_name: 'checkout',
  });
const oldApp = (created_at: number, type: string) =>
  anEventRecord({ ...shopped, created_at, type, actee: 'old-app-guid', actee_name: 'old-app' });

const EVENTS = [
  oldApp(at(7, '08:00:00'), 'audit.app.create'),
  ...Array.from({ length: 60 }, (_, turn) =>
    checkout(
      at(8 + (turn % 3), `1${turn % 10}:${String(turn % 60).padStart(2, '0')}:00`),
      turn % 2 === 0 ? 'audit.app.update' : 'app.crash',
      turn % 2 === 0
        ? '{"request":{"instances":3,"memory":512,"state":"STARTED","recursive":true}}'
        : '{"index":1,"reason":"CRASHED","exit_description":"out of memory","exit_status":137,"instance":"i"}',
    ),
  ),
  oldApp(at(10, '09:30:00'), 'audit.app.delete-request'),
].sort((a, b) => a.created_at - b.created_at);

const A_YEAR_AGO = micros('2025-01-01T00:00:00Z');

suite(absence ?? 'the cf CLI', () => {
  let rig: ArchiveRig;
  let archive: ServeProcess;
  let homes: string;

  beforeAll(async () => {
    rig = await anArchiveRig({
      records: theRecords({
        clients: [ARCHIVER_CLIENT],
        events: EVENTS,
        organizations: [anOrganizationRecord('organization-guid', { name: 'shop' })],
        spaces: [aSpaceRecord('space-guid', 'organization-guid', { name: 'payments' })],
        apps: [anAppRecord('checkout-guid', 'space-guid', { name: 'checkout' })],
        users: [
          {
            guid: 'user-dev',
            username: 'dev',
            email: 'dev@example.org',
            origin: 'uaa',
            password: 'secret',
            created_at: A_YEAR_AGO,
          },
        ],
        roles: [
          // Without it Cloud Controller shows no organization to target.
          {
            guid: 'role-0',
            type: 'organization_user',
            user_guid: 'user-dev',
            space_guid: null,
            organization_guid: 'organization-guid',
            created_at: A_YEAR_AGO,
          },
          {
            guid: 'role-1',
            type: 'space_developer',
            user_guid: 'user-dev',
            space_guid: 'space-guid',
            organization_guid: null,
            created_at: A_YEAR_AGO,
          },
        ],
      }),
    });
    await rig.run();
    homes = await mkdtemp(join(tmpdir(), 'cf-homes-'));
    await writeFile(join(rig.directory, 'secret'), ARCHIVER_CLIENT.secret);
    const config = join(rig.directory, 'c.yml');
    await writeFile(
      config,
      `archive: file:./archive
foundations:
  - { name: eu-1, api: "${rig.sample.apiUrl}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { file: ./secret }, retention_days: 6 }
http: { identity: uaa }
`,
    );
    archive = await startServe([
      '--config',
      config,
      '--port',
      '0',
      '--now',
      '2026-06-12T06:00:00Z',
    ]);
  });
  afterAll(async () => {
    await archive?.stop();
    await rm(homes, { recursive: true, force: true });
    await rig.close();
  });

  /** One command, each target with a home of its own. */
  async function cf(home: string, ...args: string[]): Promise<{ out: string; err: string }> {
    const { stdout, stderr } = await promisify(execFile)(CF, args, {
      env: {
        ...process.env,
        CF_HOME: join(homes, home),
        CF_COLOR: 'false',
        LANG: 'en_US.UTF-8',
        TZ: 'UTC',
      },
    }).catch((error) => {
      throw new Error(`cf ${args.join(' ')}: ${error.stdout}${error.stderr}`);
    });
    return { out: stdout, err: stderr };
  }

  async function logIn(home: string, api: string): Promise<void> {
    await promisify(execFile)('mkdir', ['-p', join(homes, home)]);
    await cf(home, 'api', api);
    await cf(home, 'auth', 'dev', 'secret');
    await cf(home, 'target', '-o', 'shop', '-s', 'payments');
  }

  it('prints of an app what it prints from Cloud Controller', async () => {
    await logIn('foundation', rig.sample.apiUrl);
    await logIn('archive', archive.url ?? '');

    const theirs = await cf('foundation', 'events', 'checkout');
    const ours = await cf('archive', 'events', 'checkout');

    expect(theirs.out.split('\n').length).toBeGreaterThan(50);
    expect(ours.out).toBe(theirs.out);
  });

  it('prints the events of an app that was deleted three months ago, and says which days it lacks', async () => {
    await logIn('later', archive.url ?? '');

    const { out, err } = await cf('later', 'events', 'old-app');

    expect(out).toContain('Getting events for app old-app in org shop / space payments as dev...');
    expect(out).toMatch(/2026-03-10T09:30:00\.00\+0000 +audit\.app\.delete-request/);
    expect(err).toMatch(/days are missing: 2026-03-12/);
  });

  it('lists names, and passes paths through', async () => {
    await logIn('names', archive.url ?? '');

    expect((await cf('names', 'orgs')).out).toMatch(/^shop$/m);
    expect((await cf('names', 'spaces')).out).toMatch(/^payments$/m);
    expect((await cf('names', 'app', 'old-app', '--guid')).out.trim()).toBe('old-app-guid');
    const { out } = await cf(
      'names',
      'curl',
      '/v3/audit_events?target_guids[not]=checkout-guid&per_page=1',
    );
    expect(JSON.parse(out)).toMatchObject({ pagination: { total_results: 2 } });
  });
});
