import type { EventRecord, Micros } from '../records.ts';
import { anEventOfType } from './an-event-of-type.ts';
import { SECOND } from './calendar.ts';
import { bigManifestOf } from './event-data/manifest.ts';
import { ODD_DATA } from './odd-data.ts';
import { ODD_NAMES } from './odd-names.ts';
import { populate } from './population.ts';
import { Random } from './random.ts';
import { Scene } from './scene.ts';
import type { World } from './world.ts';

export interface OddEventsOptions {
  readonly seed: number | string;
  /** Of the first; the others follow a third of a second apart, so that some share a second. */
  readonly at: Date;
  /** Where they happen. Default: a small foundation of their own. */
  readonly world?: World;
}

/**
 * Events that are hostile but valid: everything here can come from a Cloud Controller, and nothing of it may be lost or changed.
 *
 * @returns about 70 events by what is odd about them, in the order of their instants
 */
export function oddEventsByName(options: OddEventsOptions): ReadonlyMap<string, EventRecord> {
  const random = new Random(options.seed).fork('odd events');
  const first: Micros = options.at.getTime() * 1000;
  const period = { from: first - SECOND, to: first + 3600 * SECOND };
  const world = options.world ?? populate(random.fork('world'), { ...period, organizations: 4 });
  const events = new Map<string, EventRecord>();
  const add = (what: string, type: string, change: Partial<EventRecord> = {}) => {
    const at = first + Math.floor((events.size * SECOND) / 3);
    events.set(what, { ...anEventOfType(type, random, { at, world, keys: 'usual' }), ...change });
  };

  for (const [what, name] of Object.entries(ODD_NAMES)) {
    const metadata = JSON.stringify({ request: { name } });
    add(`name: ${what}`, 'audit.app.update', { actee_name: name, metadata });
  }
  add('actor name: markup', 'audit.app.start', {
    actor_name: ODD_NAMES.markup ?? '',
    actor_username: '=1+1',
  });
  for (const [what, metadata] of Object.entries(ODD_DATA)) {
    add(`data: ${what}`, 'audit.app.update', { metadata });
  }
  add('data: big manifest', 'audit.app.apply_manifest', { metadata: bigManifest(world, random) });
  add('data: longest exit description', 'audit.app.process.crash', { metadata: longCrash() });
  add('data: space where a guid is expected', 'audit.service_instance.unshare', {
    metadata: purge(world),
  });
  add('data: no buildpacks', 'audit.app.build.staged', {
    metadata: '{"build_guid":"b","package_guid":"p","droplet_guid":"d","buildpacks":null}',
  });
  add('data: deployment without type and droplet', 'audit.app.deployment.create', {
    metadata:
      '{"deployment_guid":"d","droplet_guid":null,"type":null,"revision_guid":null,"request":{},"strategy":"rolling"}',
  });
  add('actor: nobody', 'audit.app.stop', {
    actor: null,
    actor_type: null,
    actor_name: null,
    actor_username: null,
  });
  add('actor: without a name', 'audit.app.stop', { actor_name: null, actor_username: null });
  add('actor: unknown', 'audit.app.stop', {
    actor: 'UNKNOWN',
    actor_name: 'UNKNOWN',
    actor_username: 'UNKNOWN',
  });
  add('actor: a client with an odd id', 'audit.app.stop', {
    actor: 'ci/робот "1",=x',
    actor_type: 'user',
    actor_name: '',
  });
  add('target: nothing', 'audit.app.stop', { actee: null, actee_type: null, actee_name: null });
  add('target: without a name', 'audit.app.stop', { actee_name: null });
  add('type: unknown yet', 'audit.app.stop', { type: 'audit.app.dream.interpret' });
  add('type: not of this world', 'audit.app.stop', {
    type: 'Δ sometype/with "quotes", and blanks',
  });
  for (const type of ['__proto__', 'constructor']) {
    add(`type: ${type}`, 'audit.app.stop', { type });
  }
  add('guid: not a GUID', 'audit.app.stop', { guid: `not-a-guid ${random.uint32()}` });
  add('neither space nor organization', 'audit.stack.update');
  add('organization only', 'audit.organization.update');
  const twin = anEventOfType('audit.app.start', random, { at: first, world });
  events.set('same instant as the first', twin);
  return events;
}

export const oddEvents = (options: OddEventsOptions): EventRecord[] => [
  ...oddEventsByName(options).values(),
];

function bigManifest(world: World, random: Random): string {
  return `{"request":{"manifest":${bigManifestOf(new Scene(world, random), 400_000)}}}`;
}

/** Cloud Controller cuts the description at 10,000 characters. */
function longCrash(): string {
  const description = `${'stack frame 0x7ffe →\n'.repeat(600).slice(0, 9_988)} (truncated)`;
  return `{"instance":"i","index":0,"cell_id":"c","reason":"CRASHED","exit_status":255,"exit_description":${JSON.stringify(description)},"crash_count":2147483647,"crash_timestamp":1763460123456789123,"version":"v"}`;
}

/** A purge un-shares with the whole space object in place of its GUID. */
function purge({ apps }: World): string {
  const space = apps[0]?.space;
  return JSON.stringify({
    target_space_guid: {
      guid: space?.guid,
      name: space?.name,
      allow_ssh: true,
      isolation_segment_guid: null,
    },
  });
}
