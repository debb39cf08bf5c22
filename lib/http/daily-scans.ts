import { DAY_MS, dayOf, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { plusMs } from '../domain/instant.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** What each user's questions have read today (UTC), in this process. */
export class DailyScans {
  readonly #limit: number | undefined;
  readonly #users = new Map<string, number>();
  #today = '';

  constructor(limitBytes: number | undefined) {
    this.#limit = limitBytes;
  }

  /** @throws ArchiveError QUOTA_REACHED when the day's share is used up */
  check(userGuid: string, now: Date): void {
    this.#turn(now);
    const used = this.#users.get(userGuid) ?? 0;
    if (this.#limit === undefined || used < this.#limit) return;
    const until = plusMs(startOf(dayOf(now)), DAY_MS);
    throw new ArchiveError(
      'QUOTA_REACHED',
      `Rate Limit Exceeded: your questions of today have read ${gigabytes(used)}, and daily_scan allows ${gigabytes(this.#limit)}; ask again after midnight UTC`,
      { cause: { until } },
    );
  }

  add(userGuid: string, bytes: number, now: Date): void {
    this.#turn(now);
    if (this.#limit !== undefined) {
      this.#users.set(userGuid, (this.#users.get(userGuid) ?? 0) + bytes);
    }
  }

  #turn(now: Date): void {
    const today = dayOf(now);
    if (this.#today !== today) this.#users.clear();
    this.#today = today;
  }
}
