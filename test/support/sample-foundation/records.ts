import type {
  AppRecord,
  EventRecord,
  FoundationRecords,
  OrganizationRecord,
  RoleRecord,
  RoleType,
  SpaceRecord,
  TaskRecord,
  UserRecord,
} from '../../../lib/sample-foundation/records.ts';
import { ARCHIVER_CLIENT } from '../../../lib/sample-foundation/sample-foundation.ts';

/** Microseconds of an instant: `micros('2026-03-01T00:00:00Z')`, with up to six digits after the second. */
export function micros(instant: string): number {
  const [, seconds = '', fraction = ''] = /^(.{19})(?:\.(\d{1,6}))?Z$/.exec(instant) ?? [];
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
}

let made = 0;

/** A GUID no other record has, in ascending order of making. */
export function aGuid(): string {
  made++;
  return `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`;
}

/** An event as Cloud Controller writes most of them: of a user, on an app, in a space. */
export function anEventRecord(over: Partial<EventRecord> = {}): EventRecord {
  return {
    guid: aGuid(),
    type: 'audit.app.start',
    created_at: micros('2026-03-10T12:00:00Z'),
    actor: 'user-1',
    actor_type: 'user',
    actor_name: 'someone@example.org',
    actor_username: 'someone',
    actee: 'app-1',
    actee_type: 'app',
    actee_name: 'web',
    space_guid: 'space-1',
    organization_guid: 'organization-1',
    metadata: null,
    ...over,
  };
}

const LONG_AGO = micros('2025-01-01T00:00:00Z');

export function anOrganizationRecord(
  guid: string,
  over: Partial<OrganizationRecord> = {},
): OrganizationRecord {
  return { guid, name: `name of ${guid}`, created_at: LONG_AGO, ...over };
}

export function aSpaceRecord(
  guid: string,
  organizationGuid: string,
  over: Partial<SpaceRecord> = {},
): SpaceRecord {
  return {
    guid,
    name: `name of ${guid}`,
    organization_guid: organizationGuid,
    created_at: LONG_AGO,
    ...over,
  };
}

export function anAppRecord(
  guid: string,
  spaceGuid: string,
  over: Partial<AppRecord> = {},
): AppRecord {
  return {
    guid,
    name: `name of ${guid}`,
    space_guid: spaceGuid,
    state: 'STARTED',
    created_at: LONG_AGO,
    ...over,
  };
}

export function aUserRecord(guid: string, over: Partial<UserRecord> = {}): UserRecord {
  return {
    guid,
    username: `${guid}-name`,
    email: `${guid}@example.org`,
    origin: 'uaa',
    created_at: LONG_AGO,
    ...over,
  };
}

/** A role of a user, in a space or in an organization according to its type. */
export function aRoleRecord(type: RoleType, userGuid: string, where: string): RoleRecord {
  const isSpaceRole = type.startsWith('space_');
  return {
    guid: aGuid(),
    type,
    user_guid: userGuid,
    space_guid: isSpaceRole ? where : null,
    organization_guid: isSpaceRole ? null : where,
    created_at: LONG_AGO,
  };
}

export function aTaskRecord(
  guid: string,
  appGuid: string,
  over: Partial<TaskRecord> = {},
): TaskRecord {
  return {
    guid,
    sequence_id: 1,
    name: `name of ${guid}`,
    command: 'rake secret',
    state: 'SUCCEEDED',
    failure_reason: null,
    app_guid: appGuid,
    droplet_guid: 'droplet-1',
    user: 'vcap',
    memory_in_mb: 256,
    disk_in_mb: 1024,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    ...over,
  };
}

/** Everything not given is empty, but for the archiver's client. */
export function theRecords(over: Partial<FoundationRecords> = {}): FoundationRecords {
  return {
    organizations: [],
    spaces: [],
    apps: [],
    users: [],
    roles: [],
    tasks: [],
    clients: [ARCHIVER_CLIENT],
    events: [],
    ...over,
  };
}
