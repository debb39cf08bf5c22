import { createHash } from 'node:crypto';
import type { FoundationRecords, RoleRecord } from '../lib/sample-foundation/records.ts';
import { ARCHIVER_CLIENT } from '../lib/sample-foundation/sample-foundation.ts';
import { LONG_APPS } from './long-archive.ts';

/** Spaces and organizations of a long archive's events. */
const SPACES = LONG_APPS / 10;
const ORGANIZATIONS = LONG_APPS / 50;
const SPACES_OF_A_USER = 8;
/** Every so many users sees everything. */
const GLOBAL_READERS = 10;

const CREATED_AT = Date.parse('2026-01-01T00:00:00Z') * 1000;

/** As the rows of a day have them. */
function guidOf(text: string): string {
  const hex = createHash('md5').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

const spaceGuid = (space: number): string => guidOf(`space-${space % SPACES}`);
const organizationGuid = (number: number): string =>
  guidOf(`organization-${number % ORGANIZATIONS}`);

export const userGuid = (user: number): string => guidOf(`client-${user}`);

/** A foundation of a long archive's spaces: most users are developers in eight of them and auditors of an organization, every tenth is a global auditor. */
export const spaceUsers = (count: number): FoundationRecords => ({
  organizations: Array.from({ length: ORGANIZATIONS }, (_, number) => ({
    guid: organizationGuid(number),
    name: `organization-${number}`,
    created_at: CREATED_AT,
  })),
  spaces: Array.from({ length: SPACES }, (_, space) => ({
    guid: spaceGuid(space),
    name: `space-${space}`,
    organization_guid: organizationGuid(space),
    created_at: CREATED_AT,
  })),
  users: Array.from({ length: count }, (_, user) => ({
    guid: userGuid(user),
    username: `client-${user}`,
    email: `client-${user}@example.org`,
    origin: 'uaa',
    created_at: CREATED_AT,
    ...(user % GLOBAL_READERS === 0 && { scopes: ['cloud_controller.global_auditor'] }),
  })),
  roles: Array.from({ length: count }, (_, user) => rolesOf(user)).flat(),
  apps: [],
  tasks: [],
  clients: [ARCHIVER_CLIENT],
  events: [],
});

function rolesOf(user: number): RoleRecord[] {
  if (user % GLOBAL_READERS === 0) return [];
  const role = (type: RoleRecord['type'], space: string | null, organization: string | null) => ({
    guid: guidOf(`role of ${user} ${space ?? organization}`),
    type,
    user_guid: userGuid(user),
    space_guid: space,
    organization_guid: organization,
    created_at: CREATED_AT,
  });
  return [
    ...Array.from({ length: SPACES_OF_A_USER }, (_, index) =>
      role('space_developer', spaceGuid(user * 3 + index * 7), null),
    ),
    role('organization_auditor', null, organizationGuid(user)),
  ];
}
