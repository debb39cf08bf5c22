import { ArchiveError } from '../domain/errors.ts';

/** Questions of one user that may wait. */
const MAX_WAITING = 100;

interface User {
  running: number;
  readonly waiting: (() => void)[];
}

/** So many questions of one user at once; further ones wait in the order of their arrival. */
export class UserSlots {
  readonly #limit: number;
  readonly #users = new Map<string, User>();

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
    const user = this.#users.get(name) ?? { running: 0, waiting: [] };
    this.#users.set(name, user);
    if (user.running >= this.#limit) await this.#wait(user, signal);
    else user.running += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = user.waiting.shift();
      if (next) next();
      else user.running -= 1;
      if (user.running === 0) this.#users.delete(name);
    };
  }

  #wait({ waiting }: User, signal: AbortSignal): Promise<void> {
    if (waiting.length >= MAX_WAITING) {
      throw new ArchiveError(
        'QUOTA_REACHED',
        `Rate Limit Exceeded: ${this.#limit} of your questions are being answered and ${MAX_WAITING} wait; ask again when they are`,
      );
    }
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(signal.reason);
      };
      waiting.push(turn);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
