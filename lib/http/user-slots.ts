import { ArchiveError } from '../domain/errors.ts';
import { Turns } from '../domain/limiter.ts';

/** Questions of one user that may wait. */
const MAX_WAITING = 100;

/** So many questions of one user at once; further ones wait in the order of their arrival. */
export class UserSlots {
  readonly #limit: number;
  readonly #users = new Map<string, Turns>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Wait for one's turn.
   *
   * @returns what to call when the question is answered, once
   * @throws ArchiveError QUOTA_REACHED when too many wait already; the signal's reason when that came first
   */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    const turns = this.#users.get(name) ?? new Turns(this.#limit);
    this.#users.set(name, turns);
    if (!turns.enter()) {
      if (turns.waiting >= MAX_WAITING) throw tooMany(this.#limit);
      await turns.wait(signal);
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      turns.leave();
      if (turns.isIdle) this.#users.delete(name);
    };
  }
}

const tooMany = (limit: number): ArchiveError =>
  new ArchiveError(
    'QUOTA_REACHED',
    `Rate Limit Exceeded: ${limit} of your questions are being answered and ${MAX_WAITING} wait; ask again when they are`,
  );
