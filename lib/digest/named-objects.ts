import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Day } from '../domain/day.ts';
import type { Digest } from '../domain/digest.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

/** What trusted links name, by day, until the day is checked: filled from the newest link on, so at any time it holds the days between two links and those that are named late. */
export class NamedObjects {
  readonly #days = new Map<Day, Map<string, string>>();

  add({ objects }: Digest): void {
    for (const { key, sha256 } of objects) {
      const day = parseArchiveKey(key)?.day;
      if (day === undefined) continue;
      const named = this.#days.get(day) ?? new Map<string, string>();
      // Named twice: the older link was first to see it.
      named.set(key, sha256);
      this.#days.set(day, named);
    }
  }

  /** Keys with their SHA-256; they are forgotten here. */
  take(day: Day): ReadonlyMap<string, string> {
    const named = this.#days.get(day) ?? NOTHING;
    this.#days.delete(day);
    return named;
  }

  /** Days that were not taken. */
  get days(): Day[] {
    return [...this.#days.keys()];
  }
}
