/** How many matching rows each day has, by question. */
type Counts = Map<string, number>;

const MAX_COUNTS = 250_000;

/**
 * Row counts that were found once: a day's parts never change, so what was counted in them stays true.
 *
 * Keeps the questions asked last, up to a quarter of a million counts: some 700 questions to a year of days.
 */
export class DayCounts {
  readonly #questions = new Map<string, Counts>();
  #size = 0;

  /** The counts of a question, for the caller to read; it becomes the one asked last. */
  of(question: string): ReadonlyMap<string, number> {
    const counts = this.#questions.get(question);
    if (counts === undefined) return new Map();
    this.#questions.delete(question);
    this.#questions.set(question, counts);
    return counts;
  }

  add(question: string, found: ReadonlyMap<string, number>): void {
    const counts = this.#questions.get(question) ?? new Map();
    this.#size -= counts.size;
    for (const [day, rows] of found) counts.set(day, rows);
    this.#size += counts.size;
    this.#questions.delete(question);
    this.#questions.set(question, counts);
    for (const [oldest, { size }] of this.#questions) {
      if (this.#size <= MAX_COUNTS || oldest === question) return;
      this.#questions.delete(oldest);
      this.#size -= size;
    }
  }
}
