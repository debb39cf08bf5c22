import { ArchiveError } from '../domain/errors.ts';
import { HOUR_MS } from '../domain/instant.ts';
import { UserTally } from './user-tally.ts';

/** Why a question is not answered. */
export interface Refusal {
  readonly error: ArchiveError;
  /** Whether it is the user's first one of the hour: the others are counted, and not put on record, because the record can only grow. */
  readonly isFirst: boolean;
}

/** How many questions each user has asked in this hour (UTC), in this process. */
export class HourlyQuestions {
  readonly #limit: number | undefined;
  readonly #asked = new UserTally(HOUR_MS);

  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** Count a question. @returns undefined when it may be answered; else QUOTA_REACHED */
  count(user: string, now: Date): Refusal | undefined {
    if (this.#limit === undefined) return undefined;
    const asked = this.#asked.add(user, 1, now);
    if (asked <= this.#limit) return undefined;
    const until = this.#asked.end(now);
    const error = new ArchiveError(
      'QUOTA_REACHED',
      `Rate Limit Exceeded: this is your question ${asked} of this hour, and questions_per_hour allows ${this.#limit}; ask again after ${until.toISOString().slice(11, 16)} UTC`,
      { cause: { until } },
    );
    return { error, isFirst: asked === this.#limit + 1 };
  }
}
