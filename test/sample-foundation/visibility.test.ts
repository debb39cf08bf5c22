import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RoleType } from '../../lib/sample-foundation/records.ts';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { aClientOf } from '../support/sample-foundation/cloud-controller-client.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aRoleRecord,
  aSpaceRecord,
  aUserRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';

const YESTERDAY = micros('2026-03-30T00:00:00Z');

describe('CC §3 who sees which events', () => {
  let foundation: SampleFoundation;

  beforeAll(async () => {
    foundation = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      records: theRecords({
        organizations: [
          anOrganizationRecord('o1'),
          anOrganizationRecord('o2'),
          anOrganizationRecord('o-gone', { deleted_at: YESTERDAY }),
        ],
        spaces: [
          aSpaceRecord('s1', 'o1'),
          aSpaceRecord('s2', 'o2'),
          aSpaceRecord('s-gone', 'o1', { deleted_at: YESTERDAY }),
        ],
        users: [aUserRecord('u1')],
        events: [
          anEventRecord({ guid: 'in-s1', space_guid: 's1', organization_guid: 'o1' }),
          anEventRecord({ guid: 'in-s-gone', space_guid: 's-gone', organization_guid: 'o1' }),
          anEventRecord({ guid: 'in-o1', space_guid: '', organization_guid: 'o1' }),
          anEventRecord({ guid: 'in-s2', space_guid: 's2', organization_guid: 'o2' }),
          anEventRecord({ guid: 'in-o-gone', space_guid: '', organization_guid: 'o-gone' }),
          anEventRecord({ guid: 'nowhere', space_guid: '', organization_guid: '' }),
        ],
      }),
    });
  });

  afterAll(() => foundation.close());

  it.each(['admin', 'admin_read_only', 'global_auditor'])('%s sees all events', async (scope) => {
    const cc = await aClientOf(foundation, { scopes: [`cloud_controller.${scope}`] });

    expect(await cc.guids('/v3/audit_events')).toHaveLength(6);
  });

  it('without any read scope it is 403', async () => {
    const cc = await aClientOf(foundation, { scopes: ['cloud_controller.write'] });

    expect(await cc.error('/v3/audit_events')).toEqual({
      status: 403,
      title: 'CF-NotAuthorized',
      code: 10003,
      detail: 'You are not authorized to perform the requested action',
    });
  });

  it('a client with only cloud_controller.read gets 200 and silently nothing', async () => {
    const cc = await aClientOf(foundation, { scopes: ['cloud_controller.read'] });

    expect((await cc.list('/v3/audit_events')).pagination.total_results).toBe(0);
  });

  const cases: [RoleType, string, string[]][] = [
    ['space_auditor', 's1', ['in-s1']],
    ['space_developer', 's1', ['in-s1']],
    ['space_supporter', 's1', ['in-s1']],
    ['space_developer', 's-gone', []],
    ['organization_auditor', 'o1', ['in-s1', 'in-s-gone', 'in-o1']],
    ['organization_auditor', 'o-gone', []],
    ['space_manager', 's1', []],
    ['organization_manager', 'o1', []],
    ['organization_billing_manager', 'o1', []],
    ['organization_user', 'o1', []],
  ];

  it.each(cases)('%s of %s sees %j', async (type, where, guids) => {
    const role = aRoleRecord(type, 'u1', where);
    foundation.database.insertRoles([role]);
    const cc = await aClientOf(foundation, { userGuid: 'u1' });

    const found = await cc.guids('/v3/audit_events');
    const statuses = await Promise.all(
      ['in-s1', 'in-s2', 'nowhere'].map(
        async (guid) => (await cc.get(`/v3/audit_events/${guid}`)).status,
      ),
    );

    expect(found).toEqual(guids);
    expect(statuses).toEqual([guids.includes('in-s1') ? 200 : 404, 404, 404]);
    foundation.database.deleteRole(role.guid);
  });

  it('evaluates roles now: given, they show old events; taken, none', async () => {
    const cc = await aClientOf(foundation, { userGuid: 'u1' });
    const role = aRoleRecord('space_auditor', 'u1', 's2');

    expect(await cc.guids('/v3/audit_events')).toEqual([]);
    foundation.database.insertRoles([role]);
    expect(await cc.guids('/v3/audit_events')).toEqual(['in-s2']);
    foundation.database.deleteRole(role.guid);
    expect(await cc.guids('/v3/audit_events')).toEqual([]);
  });

  it('applies filters on top of what the caller may see', async () => {
    const roles = [
      aRoleRecord('space_auditor', 'u1', 's1'),
      aRoleRecord('organization_auditor', 'u1', 'o2'),
    ];
    foundation.database.insertRoles(roles);
    const cc = await aClientOf(foundation, { userGuid: 'u1' });

    expect(await cc.guids('/v3/audit_events')).toEqual(['in-s1', 'in-s2']);
    expect(await cc.guids('/v3/audit_events?organization_guids=o1')).toEqual(['in-s1']);
    for (const { guid } of roles) foundation.database.deleteRole(guid);
  });

  it('makes a row in the users table for a caller it does not know', async () => {
    const cc = await aClientOf(foundation, {
      clientId: 'unheard-of',
      scopes: ['cloud_controller.admin'],
    });

    const { resources } = await cc.list('/v3/users?guids=unheard-of');

    expect(resources).toMatchObject([
      { username: null, origin: null, presentation_name: 'unheard-of' },
    ]);
  });
});

describe('CC §3 how to learn a user’s roles', () => {
  it('lists roles by user, type and creation, with null data for the other relationship', async () => {
    await using foundation = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      externalUrl: 'https://api.example.org',
      records: theRecords({
        organizations: [anOrganizationRecord('o1')],
        spaces: [aSpaceRecord('s1', 'o1'), aSpaceRecord('s-gone', 'o1', { deleted_at: YESTERDAY })],
        users: [aUserRecord('u1'), aUserRecord('u2')],
        roles: [
          { ...aRoleRecord('space_developer', 'u1', 's1'), guid: 'r1' },
          { ...aRoleRecord('organization_auditor', 'u1', 'o1'), guid: 'r0' },
          aRoleRecord('space_manager', 'u1', 's1'),
          aRoleRecord('space_developer', 'u1', 's-gone'),
          aRoleRecord('space_developer', 'u2', 's1'),
        ],
      }),
    });
    const cc = await aClientOf(foundation);
    const query =
      'user_guids=u1&types=space_auditor,space_developer,space_supporter,organization_auditor&per_page=5000';

    const { resources, pagination } = await cc.list(`/v3/roles?${query}`);

    expect(pagination.first.href).toContain('order_by=%2Bcreated_at');
    expect(resources).toMatchObject([
      {
        guid: 'r0',
        type: 'organization_auditor',
        relationships: {
          user: { data: { guid: 'u1' } },
          organization: { data: { guid: 'o1' } },
          space: { data: null },
        },
      },
      {
        guid: 'r1',
        type: 'space_developer',
        relationships: { space: { data: { guid: 's1' } }, organization: { data: null } },
      },
    ]);
    const own = await aClientOf(foundation, { userGuid: 'u2' });
    expect(await own.guids('/v3/roles?types=organization_auditor')).toEqual([]);
    expect(await own.guids('/v3/roles?user_guids=u1')).toHaveLength(2);
  });
});
