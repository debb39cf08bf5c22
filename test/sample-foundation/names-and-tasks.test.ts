import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import {
  anAppRecord,
  anOrganizationRecord,
  aRoleRecord,
  aSpaceRecord,
  aTaskRecord,
  aUserRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';

let foundation: SampleFoundation;
let cc: CloudControllerClient;

const GONE = { deleted_at: micros('2026-03-01T00:00:00Z') };

beforeAll(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-31T00:00:00Z'),
    externalUrl: 'https://api.example.org',
    records: theRecords({
      organizations: [
        anOrganizationRecord('o1', { name: 'zoo' }),
        anOrganizationRecord('o2', { name: 'bank' }),
        anOrganizationRecord('o3', GONE),
      ],
      spaces: [
        aSpaceRecord('s1', 'o1', { name: 'dev' }),
        aSpaceRecord('s2', 'o2', { name: 'dev' }),
        aSpaceRecord('s3', 'o1', GONE),
      ],
      apps: [
        anAppRecord('a1', 's1', { name: 'web' }),
        anAppRecord('a2', 's2', { name: 'web', state: 'STOPPED' }),
        anAppRecord('a3', 's1', { name: 'old', ...GONE }),
      ],
      users: [
        aUserRecord('u1', { username: 'Anna' }),
        aUserRecord('u2', { username: 'hanna', origin: 'ldap' }),
        aUserRecord('client/1', { username: null, email: null, origin: null }),
      ],
      roles: [
        aRoleRecord('space_developer', 'u1', 's1'),
        aRoleRecord('organization_user', 'u1', 'o1'),
      ],
      tasks: [
        aTaskRecord('t1', 'a1', {
          sequence_id: 1,
          name: 'migrate',
          state: 'FAILED',
          failure_reason: 'boom',
        }),
        aTaskRecord('t2', 'a1', { sequence_id: 2 }),
        aTaskRecord('t3', 'a2'),
        aTaskRecord('t-gone', 'a3'),
      ],
    }),
  });
  cc = await aClientOf(foundation);
});

afterAll(() => foundation.close());

describe('CC §8 looking up names', () => {
  it.each([
    ['/v3/organizations', ['o1', 'o2']],
    ['/v3/organizations?guids=o1,o3,system', ['o1']],
    ['/v3/organizations?names=bank', ['o2']],
    ['/v3/organizations?order_by=name', ['o2', 'o1']],
    ['/v3/spaces', ['s1', 's2']],
    ['/v3/spaces?names=dev&organization_guids=o2', ['s2']],
    ['/v3/apps', ['a1', 'a2']],
    ['/v3/apps?names=web&space_guids=s1', ['a1']],
    ['/v3/apps?organization_guids=o2', ['a2']],
    ['/v3/apps?order_by=-state', ['a2', 'a1']],
    ['/v3/apps?label_selector=env%3Dprod', []],
    ['/v3/apps?label_selector=!env', ['a1', 'a2']],
    ['/v3/users?usernames=anna', ['u1']],
    ['/v3/users?partial_usernames=ANNA', ['u1', 'u2']],
    ['/v3/users?partial_usernames=anna&origins=ldap', ['u2']],
    ['/v3/users?guids=client%252F1,u2', ['u2', 'client/1']],
    ['/v3/organizations?created_ats[gt]=2026-01-01T00:00:00Z', []],
  ])('%s', async (path, guids) => {
    expect(await cc.guids(path)).toEqual(guids);
  });

  it('shows the fields names are read from', async () => {
    const first = async (path: string) => (await cc.list(path)).resources[0];

    expect(await first('/v3/organizations')).toMatchObject({
      guid: 'o1',
      name: 'zoo',
      suspended: false,
    });
    expect(await first('/v3/spaces')).toMatchObject({
      name: 'dev',
      relationships: { organization: { data: { guid: 'o1' } } },
    });
    expect(await first('/v3/apps')).toMatchObject({ name: 'web', state: 'STARTED' });
    expect(await first('/v3/users?guids=u2')).toMatchObject({
      username: 'hanna',
      origin: 'ldap',
      presentation_name: 'hanna',
    });
    expect(await first('/v3/users?guids=client/1')).toMatchObject({
      username: null,
      presentation_name: 'client/1',
      links: { self: { href: 'https://api.example.org/v3/users/client%2F1' } },
    });
  });

  it.each(['organization', 'org'])(
    'includes organizations of spaces with include=%s',
    async (name) => {
      const { included, pagination } = await cc.list(`/v3/spaces?include=${name}`);

      expect(included.organizations).toMatchObject([{ name: 'zoo' }, { name: 'bank' }]);
      expect(pagination.first.href).toContain(`include=${name}`);
    },
  );

  it('includes spaces and organizations of apps', async () => {
    const { included } = await cc.list(
      '/v3/apps?include=space,space.organization&names=web&guids=a1',
    );

    expect(included).toMatchObject({ spaces: [{ guid: 's1' }], organizations: [{ guid: 'o1' }] });
  });

  it.each([
    [
      '/v3/spaces?include=x',
      400,
      "The query parameter is invalid: Invalid included resource: 'x'. Valid included resources are: 'org', 'organization'",
    ],
    [
      '/v3/spaces?include=org,org',
      400,
      "The query parameter is invalid: Duplicate included resource: 'org'",
    ],
    ['/v3/organizations?names[x]=y', 400, 'The query parameter is invalid: Names must be an array'],
    ['/v3/users?per_page=0', 422, 'Per page must be a positive integer'],
    [
      '/v3/users?origins=uaa',
      422,
      'Origins filter cannot be provided without usernames or partial_usernames filter.',
    ],
    ['/v3/roles?page=0', 422, 'Page must be a positive integer'],
  ])('%s is %i', async (path, status, detail) => {
    expect(await cc.error(path)).toMatchObject({ status, detail });
  });

  it('takes 150 GUIDs in one request, and answers 414 beyond 8 KiB of request line', async () => {
    const guids = (count: number) =>
      Array.from(
        { length: count },
        (_, n) => `0b2a1f0e-0000-4000-8000-${String(n).padStart(12, '0')}`,
      );

    expect((await cc.get(`/v3/spaces?per_page=150&guids=${guids(150).join('%2C')}`)).status).toBe(
      200,
    );
    expect((await cc.get(`/v3/spaces?per_page=300&guids=${guids(300).join(',')}`)).status).toBe(
      414,
    );
  });

  it('shows a user the own organizations, spaces, apps and fellows only', async () => {
    const own = await aClientOf(foundation, { userGuid: 'u1' });

    expect(await own.guids('/v3/organizations')).toEqual(['o1']);
    expect(await own.guids('/v3/spaces')).toEqual(['s1']);
    expect(await own.guids('/v3/apps')).toEqual(['a1']);
    expect(await own.guids('/v3/users')).toEqual(['u1']);
    expect(await own.error('/v3/spaces/s2')).toMatchObject({
      status: 404,
      detail: 'Space not found',
    });
    expect((await own.get('/v3/spaces/s1')).status).toBe(200);
  });
});

describe('CC §7 tasks', () => {
  const command = async (client: CloudControllerClient, path: string) =>
    JSON.parse((await client.get(path)).text).command;

  it('has the fields of the reference', async () => {
    expect(JSON.parse((await cc.get('/v3/tasks/t1')).text)).toMatchObject({
      guid: 't1',
      sequence_id: 1,
      name: 'migrate',
      command: 'rake secret',
      user: 'vcap',
      state: 'FAILED',
      memory_in_mb: 256,
      disk_in_mb: 1024,
      result: { failure_reason: 'boom' },
      droplet_guid: 'droplet-1',
      relationships: { app: { data: { guid: 'a1' } } },
      metadata: { labels: {}, annotations: {} },
      links: { cancel: { method: 'POST' } },
    });
  });

  it.each([
    ['admin', true],
    ['admin_read_only', true],
    ['global_auditor', false],
  ])('shows the command to %s: %s', async (scope, shown) => {
    const client = await aClientOf(foundation, { scopes: [`cloud_controller.${scope}`] });
    const text = (await client.get('/v3/tasks/t1')).text;

    expect(text.includes('"command"')).toBe(shown);
    expect((await client.get('/v3/apps/a1/tasks')).text.includes('"command"')).toBe(shown);
    expect((await client.get('/v3/tasks')).text).not.toContain('"command"');
  });

  it('shows it to the developer of the space, who sees no other tasks', async () => {
    const developer = await aClientOf(foundation, { userGuid: 'u1' });

    expect(await command(developer, '/v3/tasks/t1')).toBe('rake secret');
    expect(await developer.error('/v3/tasks/t3')).toMatchObject({
      status: 404,
      title: 'CF-ResourceNotFound',
      detail: 'Task not found',
    });
    expect(await developer.guids('/v3/tasks')).toEqual(['t1', 't2']);
  });

  it.each(['space_manager', 'space_auditor', 'space_supporter'] as const)(
    '%s reads tasks without command',
    async (type) => {
      const role = aRoleRecord(type, 'u2', 's1');
      foundation.database.insertRoles([role]);
      const client = await aClientOf(foundation, { userGuid: 'u2' });

      expect((await client.get('/v3/tasks/t1')).status).toBe(200);
      expect(await command(client, '/v3/tasks/t1')).toBeUndefined();
      foundation.database.deleteRole(role.guid);
    },
  );

  it.each([
    ['/v3/tasks', ['t1', 't2', 't3']],
    ['/v3/tasks?guids=t3,t-gone', ['t3']],
    ['/v3/tasks?names=migrate', ['t1']],
    ['/v3/tasks?states=FAILED', ['t1']],
    ['/v3/tasks?app_guids=a2', ['t3']],
    ['/v3/tasks?space_guids=s1', ['t1', 't2']],
    ['/v3/tasks?organization_guids=o2', ['t3']],
    ['/v3/apps/a1/tasks?sequence_ids=2', ['t2']],
    ['/v3/apps/a1/tasks?guids=t1', ['t1', 't2']],
  ])('%s', async (path, guids) => {
    expect(await cc.guids(path)).toEqual(guids);
  });

  it.each([
    [
      '/v3/tasks?sequence_ids=1',
      400,
      "The query parameter is invalid: Unknown query parameter(s): 'sequence_ids'",
    ],
    [
      '/v3/apps/a1/tasks?app_guids=a1',
      400,
      "The query parameter is invalid: Unknown query parameter(s): 'app_guids'",
    ],
    ['/v3/apps/a3/tasks', 404, 'App not found'],
    ['/v3/tasks/t-gone', 404, 'Task not found'],
  ])('%s is %i', async (path, status, detail) => {
    expect(await cc.error(path)).toMatchObject({ status, detail });
  });
});
