import fc from 'fast-check';
import type { EventRecord, RoleRecord, RoleType } from '../../lib/sample-foundation/records.ts';
import type { TokenRequest } from '../../lib/sample-foundation/uaa/uaa.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aRoleRecord,
  aSpaceRecord,
  aUserRecord,
  micros,
} from '../support/sample-foundation/records.ts';

const ROLES: readonly RoleType[] = [
  'organization_user',
  'organization_auditor',
  'organization_manager',
  'organization_billing_manager',
  'space_auditor',
  'space_developer',
  'space_manager',
  'space_supporter',
];

const GLOBAL = ['admin', 'admin_read_only', 'global_auditor'].map(
  (each) => `cloud_controller.${each}`,
);

const DELETED_AT = micros('2026-03-20T00:00:00Z');
const BEGIN = micros('2026-03-10T00:00:00Z');
const SECOND = 1_000_000;

const seldom = fc.nat(3).map((drawn) => drawn === 0);

/** Organizations with spaces, some of them gone, one who asks, what roles he and somebody else have, and events anywhere. */
const shape = fc.record({
  organizations: fc.array(seldom, { minLength: 1, maxLength: 3 }),
  spaces: fc.array(fc.record({ organization: fc.nat(2), gone: seldom }), {
    minLength: 1,
    maxLength: 5,
  }),
  roles: fc.array(fc.record({ type: fc.constantFrom(...ROLES), place: fc.nat(4), other: seldom }), {
    maxLength: 10,
  }),
  events: fc.array(
    fc.record({
      // The last ones are of nowhere, or of a place that nobody knows any more.
      space: fc.option(fc.nat(5), { nil: null, freq: 3 }),
      organization: fc.option(fc.nat(3), { nil: null }),
      second: fc.nat(20),
    }),
    { minLength: 3, maxLength: 12 },
  ),
  scope: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...GLOBAL) },
  ),
  as: fc.oneof(
    { weight: 9, arbitrary: fc.constant('user' as const) },
    { weight: 1, arbitrary: fc.constant('client' as const) },
  ),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

export interface RoleGraph {
  readonly records: {
    readonly organizations: ReturnType<typeof anOrganizationRecord>[];
    readonly spaces: ReturnType<typeof aSpaceRecord>[];
    readonly users: ReturnType<typeof aUserRecord>[];
    readonly roles: RoleRecord[];
    readonly events: EventRecord[];
  };
  /** Who asks. */
  readonly token: TokenRequest;
}

/** A graph that shares nothing with those of other indices. */
export const roleGraphs = (count: number, seed: number): RoleGraph[] =>
  fc.sample(shape, { numRuns: count, seed }).map(graphOf);

function graphOf(drawn: Shape, index: number): RoleGraph {
  const name = (kind: string, number: number): string => `g${index}-${kind}${number}`;
  const organizationCount = drawn.organizations.length;
  // The id of a client may hold any character.
  const asker = drawn.as === 'user' ? name('user', 0) : `g${index},client%2C&x=1 é`;
  const spaces = drawn.spaces.map(({ organization, gone }, number) => ({
    guid: name('s', number),
    organization: name('o', organization % organizationCount),
    gone,
  }));
  const roles = drawn.roles.flatMap(({ type, place, other }) => {
    const user = other ? name('user', 1) : asker;
    if (!type.startsWith('space_')) {
      return [aRoleRecord(type, user, name('o', place % organizationCount))];
    }
    const space = spaces[place % spaces.length];
    return space === undefined ? [] : [aRoleRecord(type, user, space.guid)];
  });
  const events = drawn.events.map(({ space, organization, second }, number) => {
    const inSpace = space === null ? undefined : spaces[space];
    const ofOrganization = organization === null ? '' : name('o', organization);
    return anEventRecord({
      actee: name('app', number),
      created_at: BEGIN + second * SECOND,
      space_guid: inSpace?.guid ?? (space === null ? '' : name('s', space)),
      organization_guid: inSpace?.organization ?? (space === null ? ofOrganization : name('o', 9)),
    });
  });
  return {
    records: {
      organizations: drawn.organizations.map((gone, number) =>
        anOrganizationRecord(name('o', number), gone ? { deleted_at: DELETED_AT } : {}),
      ),
      spaces: spaces.map(({ guid, organization, gone }) =>
        aSpaceRecord(guid, organization, gone ? { deleted_at: DELETED_AT } : {}),
      ),
      users: [...new Set([asker, name('user', 1)])].map((guid) => aUserRecord(guid)),
      roles: distinct(roles),
      events,
    },
    token: {
      ...(drawn.as === 'user' ? { userGuid: asker } : { clientId: asker }),
      scopes: ['cloud_controller.read', ...(drawn.scope === undefined ? [] : [drawn.scope])],
    },
  };
}

/** Cloud Controller has each role of a user in a place once. */
const distinct = (roles: readonly RoleRecord[]): RoleRecord[] => [
  ...new Map(
    roles.map((role) => [
      `${role.type} ${role.user_guid} ${role.space_guid} ${role.organization_guid}`,
      role,
    ]),
  ).values(),
];
