import type { Micros } from '../records.ts';

/** Who an event says has acted: a person, a UAA client, a broker, a process, an app, or `system`. */
export interface Actor {
  readonly guid: string;
  readonly type: 'user' | 'system' | 'process' | 'app' | 'service_broker';
  readonly name: string | null;
  readonly username: string | null;
}

export interface Person extends Actor {
  readonly type: 'user';
  readonly name: string;
  readonly username: string;
  readonly origin: 'uaa' | 'ldap';
  /** Minutes ahead of UTC, the same all year: nobody here keeps summer time. */
  readonly offsetMinutes: number;
}

/** Where something lives in time; `Infinity`: never deleted. */
export interface Lifetime {
  readonly created_at: Micros;
  readonly deleted_at: Micros;
}

export interface Organization extends Lifetime {
  readonly guid: string;
  readonly name: string;
  readonly people: readonly Person[];
  /** Those of them who push, look and manage; the others only hold roles. */
  readonly active: readonly Person[];
  readonly spaces: Space[];
}

export interface Space extends Lifetime {
  readonly guid: string;
  readonly name: string;
  readonly organization: Organization;
  readonly apps: App[];
  readonly services: ServiceInstance[];
}

export interface Process {
  readonly guid: string;
  readonly type: string;
  readonly instances: number;
}

export interface Route {
  readonly guid: string;
  readonly host: string;
  readonly domain_guid: string;
}

export interface App extends Lifetime {
  readonly guid: string;
  readonly name: string;
  readonly space: Space;
  /** The first is `web`, and shares the app's GUID, as in Cloud Controller. */
  readonly processes: readonly Process[];
  readonly route: Route;
  readonly buildpack: Buildpack;
  /** Runs an image: nothing is staged, and there are no buildpacks. */
  readonly docker: boolean;
  readonly memory_in_mb: number;
  readonly started: boolean;
  /** Whoever pushes it: a pipeline, or null for people. */
  readonly pipeline: Actor | null;
}

export interface Buildpack {
  readonly guid: string;
  readonly name: string;
  readonly detected: string;
  readonly version: string;
}

export interface Broker extends Actor {
  readonly type: 'service_broker';
  readonly name: string;
  readonly url: string;
  readonly offerings: Offering[];
}

export interface Offering {
  readonly guid: string;
  readonly name: string;
  readonly broker: Broker;
  readonly plans: Plan[];
}

export interface Plan {
  readonly guid: string;
  readonly name: string;
  readonly offering: Offering;
}

export interface ServiceInstance {
  readonly guid: string;
  readonly name: string;
  /** null: user-provided. */
  readonly plan: Plan | null;
  /** Of a binding and a key it has had for long. */
  readonly binding_guid: string;
  readonly key_guid: string;
}

/** A whole foundation at rest: what stories choose from. Nothing in it changes while events are told. */
export interface World {
  readonly from: Micros;
  readonly to: Micros;
  readonly organizations: readonly Organization[];
  readonly apps: readonly App[];
  readonly people: readonly Person[];
  /** Platform operators: they act on quotas, stacks, brokers and organizations. */
  readonly operators: readonly Person[];
  /** UAA clients that act by themselves: pipelines, an autoscaler, a scanner. */
  readonly clients: readonly Actor[];
  readonly brokers: readonly Broker[];
  readonly plans: readonly Plan[];
  /** Diego cells. */
  readonly cells: readonly string[];
  readonly domains: readonly string[];
  readonly buildpacks: readonly Buildpack[];
}

/** What is there before the first organization is founded. */
export type Surroundings = Omit<World, 'organizations' | 'apps' | 'people'>;

export const SYSTEM: Actor = { guid: 'system', type: 'system', name: 'system', username: 'system' };

export const livesAt = (thing: Lifetime, at: Micros): boolean =>
  thing.created_at <= at && at < thing.deleted_at;
