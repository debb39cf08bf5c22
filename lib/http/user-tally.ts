import { plusMs } from '../domain/instant.ts';

/** A number for each user, within the current hour or day of UTC, in this process. */
export class UserTally {
  readonly #periodMs: number;
  readonly #users = new Map<string, number>();
  #begun = Number.NEGATIVE_INFINITY;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /**
   * What is added late, for an earlier period, counts in the current one: it was used once, and is not given again.
   *
   * @returns the user's number with what is added
   */
  add(user: string, more: number, now: Date): number {
    const begun = Math.floor(now.getTime() / this.#periodMs);
    if (begun > this.#begun) {
      this.#users.clear();
      this.#begun = begun;
    }
    const sum = (this.#users.get(user) ?? 0) + more;
    this.#users.set(user, sum);
    return sum;
  }

  /** When every number is 0 again. */
  end(now: Date): Date {
    return plusMs(now, this.#periodMs - (now.getTime() % this.#periodMs));
  }
}
