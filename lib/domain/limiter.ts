/** So many turns at a time; the others wait in the order of their arrival. */
export class Turns {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isIdle(): boolean {
    return this.#taken === 0;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Take a turn if one is free. */
  enter(): boolean {
    if (this.#taken >= this.#limit) return false;
    this.#taken += 1;
    return true;
  }

  /** Wait for the turn of one that leaves. @throws the signal's reason when that came first */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        this.#waiting.delete(begin);
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting.delete(begin);
        reject(signal?.reason);
      };
      this.#waiting.add(begin);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Give back a turn that was taken, once. */
  leave(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#taken -= 1;
  }
}

/**
 * At most `limit` tasks at a time; the others wait in the order of their arrival.
 *
 * @returns what runs a task in its turn. With a signal nobody waits longer than it: the signal's reason is thrown, and the task never begins.
 */
export function limitConcurrency(
  limit: number,
): <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  const turns = new Turns(limit);
  return async (task, signal) => {
    signal?.throwIfAborted();
    if (!turns.enter()) await turns.wait(signal);
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      turns.leave();
    }
  };
}
