import type { SimulatedClock } from './clock.ts';
import type { FoundationDatabase } from './database/foundation-database.ts';

const DAY_MS = 86_400_000;
const TIME_OF_DAY_MS = 20 * 3_600_000;

/**
 * Cloud Controller's daily job: at 20:00 UTC it deletes what is older than the retention (CC §4). It runs whenever the clock is moved forward over a 20:00.
 *
 * Both settings may be changed at any time; a lowered retention takes effect at the next 20:00, as for an operator.
 */
export class EventsCleanup {
  enabled = true;
  retentionDays: number;
  readonly #database: FoundationDatabase;

  constructor(database: FoundationDatabase, clock: SimulatedClock, retentionDays: number) {
    this.#database = database;
    this.retentionDays = retentionDays;
    clock.onMove((from, to) => this.#catchUp(from, to));
  }

  /**
   * The job as it runs at an instant: deletes rows with `created_at` before that instant minus the retention.
   * A row not committed by then is invisible to the job and stays.
   *
   * @returns how many rows it deleted
   */
  run(at: Date): number {
    const cutoff = at.getTime() - this.retentionDays * DAY_MS;
    return this.#database.run(
      'DELETE FROM events WHERE created_at < ? AND committed_at <= ?',
      cutoff * 1000,
      at.getTime() * 1000,
    );
  }

  /** Of several 20:00 passed at once only the last matters: it deletes all that the earlier ones would have. */
  #catchUp(from: Date, to: Date): void {
    if (!this.enabled) return;
    const last = Math.floor((to.getTime() - TIME_OF_DAY_MS) / DAY_MS) * DAY_MS + TIME_OF_DAY_MS;
    if (last > from.getTime()) this.run(new Date(last));
  }
}
