import { DAY_MS } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { UserTally } from './user-tally.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** What each user's questions have read today (UTC), in this process. */
export class DailyScans {
  readonly #limit: number | undefined;
  readonly #read = new UserTally(DAY_MS);

  constructor(limitBytes: number | undefined) {
    this.#limit = limitBytes;
  }

  /** @throws ArchiveError QUOTA_REACHED when the day's share is used up */
  check(user: string, now: Date): void {
    if (this.#limit === undefined) return;
    const read = this.#read.add(user, 0, now);
    if (read < this.#limit) return;
    throw new ArchiveError(
      'QUOTA_REACHED',
      `Rate Limit Exceeded: your questions of today have read ${gigabytes(read)}, and daily_scan allows ${gigabytes(this.#limit)}; ask again after midnight UTC`,
      { cause: { until: this.#read.end(now) } },
    );
  }

  add(user: string, bytes: number, now: Date): void {
    if (this.#limit !== undefined) this.#read.add(user, bytes, now);
  }
}
