import type { EventRecord, Micros } from '../records.ts';
import { DAY } from './calendar.ts';
import { eventOfType } from './event-of-type.ts';
import { eventTypeNamed } from './event-types.ts';
import { isForOperators, prepareFor, UNKNOWN } from './occurrence.ts';
import { populate } from './population.ts';
import type { Random } from './random.ts';
import { Scene } from './scene.ts';
import { type Actor, livesAt, type World } from './world.ts';

export interface EventContext {
  /** Default: 2026-11-18T10:00:00Z, and a random part of the hour after it. */
  readonly at?: Micros;
  /** Where it happens. Default: a small foundation, the same for every event that one source of random numbers makes. */
  readonly world?: World;
  /** Acts where a user acts. Default: mostly a person, sometimes a client or `UNKNOWN`. */
  readonly actor?: Actor;
  /** `complete`: all documented keys of `data`, of every API at once; `usual`: as one caller sends them. Default: `complete`. */
  readonly keys?: 'complete' | 'usual';
}

const NOVEMBER: Micros = Date.UTC(2026, 10, 18, 10) * 1000;
const worlds = new WeakMap<Random, World>();

/**
 * An event of any type Cloud Controller has or had, at some place of a foundation: actor, target and scope as documented for the type.
 *
 * Old types carry no data, and one in two of their events no actor name, as in old databases.
 */
export function anEventOfType(
  type: string,
  random: Random,
  context: EventContext = {},
): EventRecord {
  const world = context.world ?? worldOf(random);
  const at = context.at ?? NOVEMBER + random.integer(0, 3_599_999_999);
  const scene = new Scene(world, random);
  scene.begin(at);
  const living = world.apps.filter((app) => livesAt(app, at));
  scene.setApp(random.pick(living.length > 0 ? living : world.apps));
  scene.process = random.pick(scene.app.processes);
  scene.grantee = random.pick(scene.organization.people);
  scene.actor = context.actor ?? someActor(scene, type);
  const complete = context.keys !== 'usual';
  const usual = prepareFor(type, scene, complete);
  const event = eventOfType(type, scene, complete ? 'complete' : usual);
  const nameless = eventTypeNamed(type).status === 'legacy' && random.chance(0.5);
  return nameless ? { ...event, actor_name: null, actor_username: null } : event;
}

function someActor({ random, organization, world }: Scene, type: string): Actor {
  if (isForOperators(type)) return random.pick(world.operators);
  const chance = random.unit();
  if (chance < 0.8) return random.pick(organization.active);
  return chance < 0.95 ? random.pick(world.clients) : UNKNOWN;
}

function worldOf(random: Random): World {
  let world = worlds.get(random);
  if (world === undefined) {
    const period = { from: NOVEMBER - 30 * DAY, to: NOVEMBER + 30 * DAY };
    world = populate(random.fork('small world'), { ...period, organizations: 4 });
    worlds.set(random, world);
  }
  return world;
}
