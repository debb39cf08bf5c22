import { type EventType, eventTypeNamed } from './event-types.ts';
import { guid } from './guids.ts';
import type { Scene } from './scene.ts';
import { serviceInstance } from './services.ts';
import { type Actor, SYSTEM } from './world.ts';

/** Written where Cloud Controller did not know who acted. */
export const UNKNOWN: Actor = {
  guid: 'UNKNOWN',
  type: 'user',
  name: 'UNKNOWN',
  username: 'UNKNOWN',
};
/** Of an ssh session that was refused before the user was known. */
export const UNKNOWN_USER: Actor = {
  guid: 'unknown-user-guid',
  type: 'user',
  name: '',
  username: '',
};

const OPERATORS_CATEGORIES = new Set([
  'buildpack',
  'stack',
  'service',
  'service_plan',
  'service_broker',
  'service_plan_visibility',
  'organization',
  'organization_quota',
]);

/** Whether people need to run the platform to do this. */
export const isForOperators = (name: string): boolean =>
  OPERATORS_CATEGORIES.has(eventTypeNamed(name).category);

/**
 * Set the scene, whose place and person are given, so that an event of this type can happen in it: a service instance of the right kind, an actor
 * of one of the kinds the type knows, the older API where only that writes the type.
 *
 * @param complete - all documented keys will be written: brokers give no reasons when they delete, so that a user has to
 * @returns which keys its data usually has, see `dataOfType`
 */
export function prepareFor(name: string, scene: Scene, complete = false): string {
  const type = eventTypeNamed(name);
  const { random } = scene;
  scene.api = type.emitted_by === 'v2 only' || random.chance(0.15) ? 'v2' : 'v3';
  scene.index = random.integer(0, scene.state().instances - 1);
  chooseService(type, scene);
  if (/\.(create|delete|delete-request)$/.test(name)) setThrowaway(type, scene);
  let kind = random.pick(type.actor_types);
  if (complete && name.endsWith('.delete') && type.actor_types.includes('user')) kind = 'user';
  if (kind === 'service_broker') scene.actor = scene.broker;
  else if (kind === 'system') scene.actor = SYSTEM;
  if (name === 'audit.app.ssh-unauthorized' && random.chance(0.5)) scene.actor = UNKNOWN_USER;
  prepareInstance(name, scene);
  return shapeFor(name, scene, kind);
}

/** Something to make or remove that is in no list: what lists hold is made and removed at its set time. */
function setThrowaway(type: EventType, scene: Scene): void {
  const { random } = scene;
  const fresh = { guid: guid(random), name: `trial-${random.integer(1, 999)}` };
  if (type.category === 'organization') scene.organization = { ...scene.organization, ...fresh };
  else if (type.category === 'space') scene.space = { ...scene.space, ...fresh };
  else if (type.type === 'audit.app.create' || type.type.startsWith('audit.app.delete')) {
    scene.app = { ...scene.app, ...fresh };
  }
}

function chooseService(type: EventType, scene: Scene): void {
  const { random, space, world } = scene;
  const managed = type.category !== 'user_provided_service_instance';
  const found = space.services.filter((service) => (service.plan !== null) === managed);
  if (found.length > 0) {
    scene.service = random.pick(found);
  } else {
    const plan = managed ? random.pick(world.plans) : null;
    scene.service = serviceInstance(
      random,
      plan === null ? 'external-api-1' : `${plan.offering.name}-1`,
      plan,
    );
  }
  scene.setPlan(scene.service.plan ?? random.pick(world.plans));
}

/** What Diego's payloads say. */
function prepareInstance(name: string, scene: Scene): void {
  scene.ready = name === 'audit.app.process.ready';
  scene.reason = name === 'audit.app.process.rescheduling' ? 'Cell is being evacuated' : 'CRASHED';
  scene.instance().crashes = scene.random.skewed(1, 20);
  scene.exit_status = 137;
  scene.exit_description = `APP/PROC/${scene.process.type.toUpperCase()}: Exited with status 137 (out of memory)`;
  scene.crash_timestamp = `${scene.now}${scene.random.integer(100, 999)}`;
}

/** Some shapes follow from who acts, or through which API. */
function shapeFor(name: string, scene: Scene, actorKind: string): string {
  switch (name) {
    case 'audit.service.delete':
    case 'audit.service_plan.delete':
      return actorKind === 'user' ? 'user' : 'broker';
    case 'audit.service_plan_visibility.update':
      return scene.api;
    default:
      return 'usual';
  }
}
