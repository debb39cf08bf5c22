import type {
  AppRecord,
  ClientRecord,
  OrganizationRecord,
  RoleRecord,
  SpaceRecord,
  UserRecord,
} from '../records.ts';
import { DAY } from './calendar.ts';
import { CAST, CLIENTS, OPERATOR, SUPPORT } from './cast.ts';
import { guid } from './guids.ts';
import type { Random } from './random.ts';
import type { Lifetime, Organization, Person, World } from './world.ts';

const lifetimeOf = (thing: Lifetime) =>
  thing.deleted_at === Infinity
    ? { created_at: thing.created_at }
    : { created_at: thing.created_at, deleted_at: thing.deleted_at };

export const organizationRecords = (world: World): OrganizationRecord[] =>
  world.organizations.map((organization) => ({
    guid: organization.guid,
    name: organization.name,
    ...lifetimeOf(organization),
  }));

export const spaceRecords = (world: World): SpaceRecord[] =>
  world.organizations.flatMap(({ spaces, guid: organization_guid }) =>
    spaces.map((space) => ({
      guid: space.guid,
      name: space.name,
      organization_guid,
      ...lifetimeOf(space),
    })),
  );

export const appRecords = (world: World): AppRecord[] =>
  world.apps.map((app) => ({
    guid: app.guid,
    name: app.name,
    space_guid: app.space.guid,
    state: app.started ? 'STARTED' : 'STOPPED',
    ...lifetimeOf(app),
  }));

export const clientRecords = (): readonly ClientRecord[] => CLIENTS;

/** Everyone, and the clients that act: those have a row in the users table too, by their id and without a name. */
export function userRecords(world: World): UserRecord[] {
  const members = new Map([...CAST, OPERATOR, SUPPORT].map((member) => [member.email, member]));
  const created_at = world.from - 400 * DAY;
  const users = world.people.map((person): UserRecord => {
    const member = members.get(person.name);
    return {
      guid: person.guid,
      username: person.username,
      email: person.name,
      origin: person.origin,
      ...(member === undefined ? {} : { password: member.password, scopes: member.scopes }),
      created_at,
    };
  });
  const clients = world.clients.map(
    (client): UserRecord => ({
      guid: client.guid,
      username: null,
      email: null,
      origin: null,
      created_at,
    }),
  );
  return [...users, ...clients];
}

/** Roles as they are at the end of the period: those in deleted spaces and organizations went with them. */
export function roleRecords(world: World, random: Random): RoleRecord[] {
  const roles: RoleRecord[] = [];
  const add = (
    type: RoleRecord['type'],
    person: Person,
    organization: Organization,
    space?: { readonly guid: string },
  ) =>
    roles.push({
      guid: guid(random),
      type,
      user_guid: person.guid,
      space_guid: space?.guid ?? null,
      organization_guid: space === undefined ? organization.guid : null,
      created_at: world.from - 200 * DAY,
    });
  const cast = new Map(CAST.map((member) => [member.email, member]));
  for (const organization of world.organizations) {
    if (organization.deleted_at < world.to) continue;
    const spaces = organization.spaces.filter((space) => space.deleted_at >= world.to);
    for (const person of organization.people) {
      add('organization_user', person, organization);
      const member = organization.name === 'shop' ? cast.get(person.name) : undefined;
      for (const role of member?.roles ?? []) {
        add(
          role.type,
          person,
          organization,
          spaces.find((space) => space.name === role.space),
        );
      }
      if (member !== undefined) continue;
      for (const space of spaces)
        if (random.chance(0.6)) add('space_developer', person, organization, space);
      if (random.chance(0.15))
        add(
          random.pick(['organization_manager', 'organization_auditor'] as const),
          person,
          organization,
        );
    }
  }
  return roles;
}
