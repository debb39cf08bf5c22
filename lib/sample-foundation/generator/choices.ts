import type { Micros } from '../records.ts';
import { officeActivity } from './calendar.ts';
import type { Random } from './random.ts';
import type { App, Organization, Person, Space, World } from './world.ts';
import { livesAt } from './world.ts';

/** Picks who acts and on what: few apps get most of the attention, and people act while they are at work. */
export class Choices {
  readonly #random: Random;
  readonly #world: World;
  readonly #busyApps: readonly App[];
  readonly #fragileApps: readonly App[];

  constructor(world: World, random: Random) {
    this.#random = random;
    this.#world = world;
    this.#busyApps = lottery(world.apps, random, 40);
    this.#fragileApps = lottery(
      world.apps.filter(() => random.chance(0.15)),
      random,
      12,
    );
  }

  app(at: Micros): App | null {
    return this.#alive(this.#busyApps, at);
  }

  /** One of those that crash again and again. */
  fragileApp(at: Micros): App | null {
    return this.#alive(this.#fragileApps, at);
  }

  space(at: Micros): Space | null {
    return this.app(at)?.space ?? null;
  }

  /** Someone of the organization who is at work; null when the office is empty. */
  worker(organization: Organization, at: Micros): Person | null {
    return this.#atWork(organization.active, at);
  }

  /** The same, or whoever is called out of bed. */
  member(organization: Organization, at: Micros): Person {
    return this.worker(organization, at) ?? this.#random.pick(organization.active);
  }

  operator(at: Micros): Person | null {
    return this.#atWork(this.#world.operators, at);
  }

  #alive(apps: readonly App[], at: Micros): App | null {
    if (apps.length === 0) return null;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const app = this.#random.pick(apps);
      if (livesAt(app, at)) return app;
    }
    return null;
  }

  #atWork(people: readonly Person[], at: Micros): Person | null {
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const person = this.#random.pick(people);
      if (this.#random.chance(officeActivity(at, person.offsetMinutes))) return person;
    }
    return null;
  }
}

/** A list in which some come up to `most` times as often as others: the n-th by lot about `most / n` times. */
function lottery(apps: readonly App[], random: Random, most: number): App[] {
  const order = apps.map((app) => ({ app, key: random.unit() })).sort((a, b) => a.key - b.key);
  return order.flatMap(({ app }, index) =>
    Array.from({ length: 1 + Math.floor(most / (1 + index / 4)) }, () => app),
  );
}
