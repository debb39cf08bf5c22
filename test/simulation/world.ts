import { DAY_MS, type Day } from '../../lib/domain/day.ts';
import { type FoundationHistory, isVisible, type SimulatedEvent } from './foundation-history.ts';
import type { Prng } from './prng.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Something that happens to the foundation at an instant, whoever looks. */
export type Incident = { readonly at: number } & (
  | { readonly kind: 'cutoff'; readonly retentionDays: number }
  | { readonly kind: 'truncation' }
  | { readonly kind: 'deletion' }
);

export interface WorldOptions {
  readonly history: FoundationHistory;
  readonly begins: number;
  readonly incidents: readonly Incident[];
  /** What the source keeps when the world begins. */
  readonly cutoffDays: number;
  readonly prng: Prng;
  /** How often an event of a day appears or disappears just before a page of that day is read. */
  readonly restlessness: number;
}

/** True time, and what happens to the foundation in it. */
export class World {
  now: number;
  /** While it is quiet, nothing but time changes what the source shows. */
  quiet = false;
  readonly history: FoundationHistory;
  readonly #incidents: Incident[];
  readonly #prng: Prng;
  readonly #restlessness: number;
  #cutoffDays: number;
  #nextCleanUp: number;
  /** Whether the source ever forgot more than its retention promises. */
  forgetful = false;

  constructor({ history, begins, incidents, cutoffDays, prng, restlessness }: WorldOptions) {
    this.history = history;
    this.now = begins;
    this.#incidents = [...incidents].sort((a, b) => a.at - b.at);
    this.#cutoffDays = cutoffDays;
    this.#prng = prng;
    this.#restlessness = restlessness;
    this.#nextCleanUp = Math.floor(begins / DAY_MS) * DAY_MS - 4 * HOUR;
    this.advanceTo(begins);
  }

  /** Let time pass, and whatever is due in it happen, in its order. Time never goes back. */
  advanceTo(instant: number): void {
    for (;;) {
      const incident = this.#incidents[0];
      const due = Math.min(incident?.at ?? Infinity, this.#nextCleanUp);
      if (due > instant) break;
      if (due === this.#nextCleanUp) this.#cleanUp();
      else if (incident) {
        this.#incidents.shift();
        this.#happen(incident);
      }
    }
    this.now = Math.max(this.now, instant);
  }

  /** What one step of a process costs in time. */
  step(maxMs: number): void {
    this.advanceTo(this.now + this.#prng.between(1, maxMs));
  }

  /** Somebody looks at a day: a good moment for it to change. */
  stir(day: Day): void {
    if (this.quiet || !this.#prng.chance(this.#restlessness)) return;
    const events = this.history.ofDay(day);
    if (this.#prng.chance(0.5)) this.#deleteOne(events);
    else this.#commitOne(events);
  }

  #cleanUp(): void {
    const at = this.#nextCleanUp;
    this.#nextCleanUp += DAY_MS;
    this.history.cleanUp(at, at - this.#cutoffDays * DAY_MS, () =>
      this.#prng.between(0, 5 * MINUTE),
    );
  }

  #happen(incident: Incident): void {
    switch (incident.kind) {
      case 'cutoff':
        this.forgetful ||= incident.retentionDays < this.#cutoffDays;
        this.#cutoffDays = incident.retentionDays;
        return;
      case 'truncation':
        this.forgetful = true;
        this.history.truncate(incident.at);
        return;
      case 'deletion':
        this.#deleteOne(this.history.events);
    }
  }

  /** An administrator deletes one event. */
  #deleteOne(events: readonly SimulatedEvent[]): void {
    const visible = events.filter((event) => isVisible(event, this.now));
    if (visible.length > 0) this.#prng.pick(visible).deletedAt = this.now;
  }

  /** A long transaction commits. */
  #commitOne(events: readonly SimulatedEvent[]): void {
    const pending = events.filter(
      (event) => event.micros / 1000 < this.now && event.committedAt > this.now,
    );
    if (pending.length > 0) this.#prng.pick(pending).committedAt = this.now;
  }
}
