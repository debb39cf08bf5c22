import type { EventRecord } from '../records.ts';
import { dataOfType } from './event-data/data-of-type.ts';
import { type EventType, eventTypeNamed } from './event-types.ts';
import { guid, hexadecimal } from './guids.ts';
import type { Scene } from './scene.ts';
import { type Actor, SYSTEM } from './world.ts';

interface Target {
  readonly guid: string;
  readonly name: string;
}

const BLOB_DIRECTORIES = ['cc-droplets', 'cc-packages', 'cc-buildpacks', 'cc-resources'];

/** How each type of target shows in an event. Names are often empty: unnamed bindings, visibilities, blobs. */
const targets: Readonly<Record<string, (scene: Scene) => Target>> = {
  app: (scene) => scene.app,
  organization: (scene) => scene.organization,
  space: (scene) => scene.space,
  route: (scene) => ({ guid: scene.route.guid, name: scene.route.host }),
  route_policy: (scene) => ({ guid: scene.guid('route_policy'), name: `cf:app:${scene.app.guid}` }),
  service: (scene) => scene.offering,
  service_plan: (scene) => scene.plan,
  service_broker: (scene) => ({ guid: scene.broker.guid, name: scene.broker.name }),
  // The target is the client's id.
  service_dashboard_client: (scene) => {
    const id = `${scene.offering.name}-dashboard`;
    return { guid: id, name: id };
  },
  // Cloud Controller v3 has no visibility records any more: the target is the plan.
  service_plan_visibility: (scene) => ({
    guid: scene.api === 'v3' ? scene.plan.guid : scene.guid('plan_visibility'),
    name: '',
  }),
  service_instance: (scene) => scene.service,
  user_provided_service_instance: (scene) => scene.service,
  service_binding: (scene) => ({
    guid: scene.facts.get('binding') ?? scene.service.binding_guid,
    name: scene.facts.get('binding_name') ?? '',
  }),
  service_key: (scene) => ({
    guid: scene.facts.get('binding') ?? scene.service.key_guid,
    name: scene.fact('binding_name', () => 'reporting-key'),
  }),
  service_route_binding: (scene) => ({ guid: scene.guid('binding'), name: '' }),
  // Now and then UAA does not say the name.
  user: ({ grantee, random }) => ({
    guid: grantee.guid,
    name: random.chance(0.02) ? '' : grantee.username,
  }),
  buildpack: (scene) => scene.app.buildpack,
  stack: (scene) => ({ guid: scene.guid('stack'), name: 'cflinuxfs5' }),
  organization_quota: (scene) => ({ guid: scene.guid('quota'), name: quotaName(scene) }),
  space_quota: (scene) => ({ guid: scene.guid('quota'), name: quotaName(scene) }),
  blob: (scene) => {
    const key = hexadecimal(scene.random, 32);
    const directory = BLOB_DIRECTORIES[scene.index % BLOB_DIRECTORIES.length];
    return { guid: `${directory}/${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`, name: '' };
  },
};

const quotaName = (scene: Scene): string =>
  scene.fact('quota_name', (random) => random.pick(['default', 'medium', 'production-xl']));

interface Cast {
  readonly type: EventType;
  readonly actor: (scene: Scene) => Actor;
  readonly target: (scene: Scene) => Target;
}

const casts = new Map<string, Cast>();

function castOf(name: string): Cast {
  let cast = casts.get(name);
  if (cast === undefined) {
    const type = eventTypeNamed(name);
    const target = targets[type.target_types[0] ?? ''];
    if (target === undefined) throw new Error(`${name} has a target of unknown type`);
    cast = { type, actor: actorFor(type), target };
    casts.set(name, cast);
  }
  return cast;
}

/** The scene's actor where the type allows that kind of actor, else the one the type prescribes. */
function actorFor(type: EventType): (scene: Scene) => Actor {
  const prescribed = type.actor_types[0];
  if (prescribed === 'process') {
    return ({ process }) => ({
      guid: process.guid,
      type: 'process',
      name: process.type,
      username: null,
    });
  }
  if (prescribed === 'app')
    return ({ app }) => ({ guid: app.guid, type: 'app', name: app.name, username: null });
  return (scene) => {
    if (type.actor_types.includes(scene.actor.type)) return scene.actor;
    if (prescribed === 'service_broker') return scene.broker;
    return prescribed === 'system' ? SYSTEM : (scene.world.operators[0] ?? SYSTEM);
  };
}

/**
 * The event of `scene.now`, as Cloud Controller would record it in this scene: actor, target and scope as the type prescribes.
 *
 * In a lasting transaction the event carries the transaction's start, and `scene.now` is only its place in the order of insertion.
 *
 * @param shape - see {@link dataOfType}
 */
export function eventOfType(type: string, scene: Scene, shape = 'usual'): EventRecord {
  const cast = castOf(type);
  const { scope } = cast.type;
  const actor = cast.actor(scene);
  const target = cast.target(scene);
  const created_at = scene.transaction === null ? scene.now : scene.transaction.start;
  const inOrganization = scope === 'org or none' ? scene.api === 'v2' : scope !== 'none';
  const event: EventRecord = {
    guid: guid(scene.random),
    type,
    created_at,
    committed_at: scene.transaction === null ? created_at : scene.transaction.end,
    actor: actor.guid,
    actor_type: actor.type,
    actor_name: actor.name,
    actor_username: actor.username,
    actee: target.guid,
    actee_type: cast.type.target_types[0] ?? '',
    actee_name: target.name,
    space_guid: scope === 'space' ? scene.space.guid : '',
    organization_guid: inOrganization ? scene.organization.guid : '',
    metadata: dataOfType(type, scene, shape),
  };
  return event;
}
