type MoveListener = (from: Date, to: Date) => void;

/**
 * The foundation's simulated time: what its database calls CURRENT_TIMESTAMP and what its answers carry in `Date`.
 *
 * It stands still until a test moves it. Tokens do not use it: clients compare `exp` with their own real clock.
 */
export class SimulatedClock {
  #now: Date;
  readonly #listeners: MoveListener[] = [];

  constructor(start: Date) {
    this.#now = validInstant(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Now in whole microseconds since the epoch, the unit of the database. */
  nowMicros(): number {
    return this.#now.getTime() * 1000;
  }

  /** Jump to an instant. Going forward runs what would have run on the way; going back undoes nothing. */
  set(instant: Date): void {
    const from = this.#now;
    this.#now = validInstant(instant);
    for (const listener of this.#listeners) listener(from, this.now());
  }

  advance(ms: number): void {
    this.set(new Date(this.#now.getTime() + ms));
  }

  onMove(listener: MoveListener): void {
    this.#listeners.push(listener);
  }
}

function validInstant(instant: Date): Date {
  if (Number.isNaN(instant.getTime())) throw new RangeError('The clock needs a valid date.');
  return new Date(instant);
}
