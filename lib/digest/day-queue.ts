import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Day } from '../domain/day.ts';
import type { Digest, DigestDay } from '../domain/digest.ts';
import type { DayToCheck } from './check-day.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * The days that are still to be checked, newest first, each with what trusted links name of it.
 *
 * Filled while the chain is walked from its newest link on, and emptied behind it: a day is ready once all links of its own and of later days have been added,
 * because nothing of a day is written before the day. So at any time it holds the names of a few weeks, however long the chain is.
 */
export class DayQueue {
  readonly #waiting: Day[];
  readonly #named = new Map<Day, Map<string, string>>();
  #table: ReadonlyMap<Day, DigestDay> | undefined;

  /** @param listed - days of which objects are there */
  constructor(listed: Iterable<Day>) {
    this.#waiting = [...listed].sort();
  }

  /** Add the next older trusted link. The first one's coverage table is the newest: it counts every day. */
  add(digest: Digest): void {
    if (this.#table === undefined) this.#addTable(digest);
    for (const { key, sha256 } of digest.objects) {
      const day = parseArchiveKey(key)?.day;
      if (day === undefined) continue;
      const named = this.#named.get(day) ?? new Map<string, string>();
      named.set(key, sha256);
      this.#named.set(day, named);
    }
  }

  /** Days after `until`. None before the first trusted link: nothing could be said of what is not signed. */
  *readyAfter(until: Day): Generator<DayToCheck> {
    if (this.#table === undefined) return;
    for (let dt = this.#waiting.at(-1); dt !== undefined && dt > until; dt = this.#waiting.at(-1)) {
      this.#waiting.pop();
      yield this.#take(dt);
    }
  }

  /** All others, once the last link was added. */
  *rest(): Generator<DayToCheck> {
    for (const dt of this.#waiting.splice(0).reverse()) yield this.#take(dt);
  }

  /** Days of which nothing may be left to be listed. */
  #addTable({ days }: Digest): void {
    this.#table = new Map(days.map((day) => [day.dt, day]));
    const listed = new Set(this.#waiting);
    for (const { dt, revisions } of days) {
      if (revisions > 0 && !listed.has(dt)) this.#waiting.push(dt);
    }
    this.#waiting.sort();
  }

  #take(dt: Day): DayToCheck {
    const named = this.#named.get(dt) ?? NOTHING;
    this.#named.delete(dt);
    return { dt, named, counted: this.#table?.get(dt) };
  }
}
