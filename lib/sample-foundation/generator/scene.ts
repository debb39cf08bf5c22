import type { EventRecord, Micros } from '../records.ts';
import { eventOfType } from './event-of-type.ts';
import { guid, hexadecimal, instanceGuid } from './guids.ts';
import type { Random } from './random.ts';
import type {
  Actor,
  App,
  Broker,
  Offering,
  Organization,
  Person,
  Plan,
  Process,
  Route,
  ServiceInstance,
  Space,
  World,
} from './world.ts';

/** What an app carries from one action to the next. */
export interface AppState {
  package_guid: string;
  droplet_guid: string;
  revision_guid: string;
  revision_version: number;
  /** Diego's version of the process: new with every push. */
  version: string;
  instances: number;
  /** Of each instance: its GUID, the cell it runs on, how often it crashed. */
  readonly running: { instance: string; cell_id: string; crashes: number }[];
}

/** An event and the instant of its INSERT, which gives its place among the others. */
export interface WrittenEvent {
  readonly insertedAt: Micros;
  readonly event: EventRecord;
}

/** A database transaction that lasts: its events all carry its start, and are visible from its end. */
export interface Transaction {
  readonly start: Micros;
  readonly end: Micros;
}

const ABOUT_APPS = /^audit\.app\.|^app\.crash$/;

/**
 * Where an action takes place, and who is in it: everything the makers of events read.
 *
 * A scene is set, several events are written, and it is set again for the next action; GUIDs that the action makes up (a package, a build)
 * are made when first asked for and stay the same until then.
 */
export class Scene {
  readonly world: World;
  readonly random: Random;
  /** When the action began. */
  at: Micros;
  /** How far it has come: the instant of the next event. */
  now: Micros;
  actor: Actor;
  organization: Organization;
  space: Space;
  app: App;
  process: Process;
  route: Route;
  service: ServiceInstance;
  plan: Plan;
  offering: Offering;
  broker: Broker;
  /** Whom a role is given to. */
  grantee: Person;
  /** Which API the caller speaks: decides the shape of some events. */
  api: 'v2' | 'v3' = 'v3';
  /** Of the instance an event is about. */
  index = 0;
  exit_status = 1;
  exit_description = '';
  crash_timestamp = '0';
  ready = true;
  reason = 'CRASHED';
  /** JSON text of a manifest other than the app's usual one. */
  manifest: string | null = null;
  transaction: Transaction | null = null;
  deleting = false;
  /** A few facts of this action that are chosen once, such as `task_name`. */
  readonly facts = new Map<string, string>();
  readonly #states: Map<App, AppState>;
  #written: WrittenEvent[] = [];

  constructor(world: World, random: Random, states = new Map<App, AppState>()) {
    this.world = world;
    this.random = random;
    this.#states = states;
    this.at = world.from;
    this.now = world.from;
    const app = first(world.apps);
    this.app = app;
    this.space = app.space;
    this.organization = app.space.organization;
    this.process = first(app.processes);
    this.route = app.route;
    this.service = first(app.space.services);
    this.plan = first(world.plans);
    this.offering = this.plan.offering;
    this.broker = this.offering.broker;
    this.actor = first(world.operators);
    this.grantee = first(world.people);
  }

  /** Clear what the last action left behind. */
  begin(at: Micros): void {
    this.at = at;
    this.now = at;
    this.facts.clear();
    this.transaction = null;
    this.deleting = false;
    this.manifest = null;
    this.api = 'v3';
  }

  setApp(app: App): void {
    this.app = app;
    this.process = first(app.processes);
    this.route = app.route;
    this.setSpace(app.space);
  }

  setSpace(space: Space): void {
    this.space = space;
    this.organization = space.organization;
    this.service = first(space.services);
  }

  setPlan(plan: Plan): void {
    this.plan = plan;
    this.offering = plan.offering;
    this.broker = plan.offering.broker;
  }

  /**
   * Write one event at {@link now}. An app that is gone by then has none, unless the action is its deletion.
   *
   * @param shape - which keys `data` has; see `dataOfType`
   */
  write(type: string, shape = 'usual'): void {
    if (!this.deleting && this.now >= this.app.deleted_at && ABOUT_APPS.test(type)) return;
    this.#written.push({ insertedAt: this.now, event: eventOfType(type, this, shape) });
  }

  /** Let some time pass: between these two, in microseconds. */
  wait(least: Micros, most: Micros): this {
    this.now += this.random.integer(least, most);
    return this;
  }

  /** All that was written since the last time, in the order of writing. */
  takeWritten(): WrittenEvent[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** The same text each time within an action. */
  fact(name: string, make: (random: Random) => string): string {
    let text = this.facts.get(name);
    if (text === undefined) {
      text = make(this.random);
      this.facts.set(name, text);
    }
    return text;
  }

  guid(thing: string): string {
    return this.fact(thing, guid);
  }

  commit(): string {
    return this.fact('commit', (random) => hexadecimal(random, 40));
  }

  state(app: App = this.app): AppState {
    let state = this.#states.get(app);
    if (state === undefined) {
      const instances = first(app.processes).instances;
      state = {
        package_guid: guid(this.random),
        droplet_guid: guid(this.random),
        revision_guid: guid(this.random),
        revision_version: this.random.integer(1, 400),
        version: guid(this.random),
        instances,
        running: [],
      };
      this.#states.set(app, state);
    }
    return state;
  }

  /** The running instance of this index: placed on a cell when first asked for. */
  instance(index: number = this.index) {
    const { running } = this.state();
    let found = running[index];
    if (found === undefined) {
      found = {
        instance: instanceGuid(this.random),
        cell_id: this.random.pick(this.world.cells),
        crashes: 0,
      };
      running[index] = found;
    }
    return found;
  }

  /** Diego starts an instance anew, on another cell as a rule. */
  replaceInstance(index: number = this.index): void {
    const old = this.instance(index);
    old.instance = instanceGuid(this.random);
    old.cell_id = this.random.pick(this.world.cells);
  }
}

export function first<T>(list: readonly T[]): T {
  const item = list[0];
  if (item === undefined) throw new Error('expected at least one');
  return item;
}
