import type { Micros } from '../records.ts';
import { anApp } from './apps.ts';
import { DAY } from './calendar.ts';
import { CAST, CHECKOUT, OPERATOR, SUPPORT } from './cast.ts';
import { guid } from './guids.ts';
import { auroraDeletedAt, checkoutDeletedAt, isolatedLifetimes } from './lifetimes.ts';
import { BUILDPACKS, ORGANIZATION_NAMES, SPACE_NAMES } from './names.ts';
import { ACTING_CLIENTS, actingClient, aPerson, namedPerson } from './people.ts';
import type { Random } from './random.ts';
import { brokersOf, serviceInstances } from './services.ts';
import type { App, Organization, Person, Space, Surroundings, World } from './world.ts';

export interface PopulationOptions {
  readonly from: Micros;
  readonly to: Micros;
  /** At least 4: the named ones. */
  readonly organizations: number;
}

/**
 * Everyone and everything a foundation has in a period: about three spaces and fifteen apps an organization.
 *
 * `shop` with `payments`, `storefront` and `staging`, its app `checkout`, and the cast keep their names whatever the seed; GUIDs follow the seed.
 */
export function populate(random: Random, options: PopulationOptions): World {
  const { from, to } = options;
  const brokers = brokersOf(random.fork('brokers'));
  const base = {
    from,
    to,
    operators: operators(random.fork('operators')),
    clients: ACTING_CLIENTS.map(actingClient),
    brokers,
    plans: brokers.flatMap((broker) => broker.offerings.flatMap((offering) => offering.plans)),
    cells: Array.from({ length: 8 + options.organizations }, () => guid(random)),
    domains: [guid(random), guid(random)],
    buildpacks: BUILDPACKS.map((buildpack) => ({ guid: guid(random), ...buildpack })),
  };
  const organizations: Organization[] = [];
  for (let number = 0; number < Math.max(4, options.organizations); number += 1) {
    organizations.push(anOrganization(random.fork(`organization ${number}`), number, base));
  }
  return {
    ...base,
    organizations,
    apps: organizations.flatMap((organization) =>
      organization.spaces.flatMap((space) => space.apps),
    ),
    people: [
      namedPerson(random.fork('support'), SUPPORT.email, SUPPORT.offsetMinutes),
      ...base.operators,
      ...organizations.flatMap((organization) => organization.people),
    ],
  };
}

function anOrganization(random: Random, number: number, world: Surroundings): Organization {
  const name = ORGANIZATION_NAMES[number] ?? `team-${number}`;
  const { from, to } = world;
  const others = people(random, number);
  const members = number === 0 ? [...theCast(random), ...others] : others;
  const organization: Organization = {
    guid: guid(random),
    name,
    people: members,
    active: members.filter(({ name }) => CAST.find(({ email }) => email === name)?.active ?? true),
    spaces: [],
    created_at: from - random.integer(60, 900) * DAY,
    deleted_at: name === 'aurora-labs' ? auroraDeletedAt(from, to) : Infinity,
  };
  const names =
    number === 0
      ? ['payments', 'storefront', 'staging']
      : SPACE_NAMES.slice(0, random.integer(2, 4));
  for (const spaceName of names)
    organization.spaces.push(aSpace(random, spaceName, organization, world));
  for (const lifetime of isolatedLifetimes(random, number, organization, world)) {
    organization.spaces.push(aSpace(random, lifetime.name, organization, world, lifetime));
  }
  return organization;
}

function aSpace(
  random: Random,
  name: string,
  organization: Organization,
  world: Surroundings,
  lifetime: { readonly created_at: Micros; readonly deleted_at: Micros } = organization,
): Space {
  const space: Space = {
    guid: guid(random),
    name,
    organization,
    apps: [],
    services: serviceInstances(random, world.plans),
    created_at: lifetime.created_at,
    deleted_at: lifetime.deleted_at,
  };
  const preview = lifetime !== organization;
  const count = preview ? random.integer(2, 4) : random.integer(3, 7);
  if (organization.name === CHECKOUT.organization && name === CHECKOUT.space) {
    space.apps.push(theCheckout(random, space, world));
  }
  while (space.apps.length < count) space.apps.push(anApp(random, space, world));
  return space;
}

function theCheckout(random: Random, space: Space, world: Surroundings): App {
  const deleted_at = checkoutDeletedAt(world.from, world.to);
  const app = anApp(random, space, world);
  return {
    ...app,
    name: CHECKOUT.app,
    pipeline: null,
    created_at: world.from - 50 * DAY,
    deleted_at,
  };
}

const theCast = (random: Random): Person[] =>
  CAST.map((member) => namedPerson(random, member.email, member.offsetMinutes));

function operators(random: Random): Person[] {
  const colleagues = Array.from({ length: 5 }, (_, index) => aPerson(random, 9000 + index));
  return [namedPerson(random, OPERATOR.email, OPERATOR.offsetMinutes), ...colleagues];
}

function people(random: Random, organization: number): Person[] {
  return Array.from({ length: random.integer(6, 14) }, (_, index) =>
    aPerson(random, organization * 20 + index),
  );
}
