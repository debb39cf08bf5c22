/**
 * At most `limit` tasks at a time; the others wait in the order of their arrival.
 *
 * @returns what runs a task in its turn. With a signal nobody waits longer than it: the signal's reason is thrown, and the task never begins.
 */
export function limitConcurrency(
  limit: number,
): <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let running = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    const [next] = waiting;
    if (next) next();
    else running -= 1;
  };
  const wait = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        waiting.delete(begin);
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        waiting.delete(begin);
        reject(signal?.reason);
      };
      waiting.add(begin);
      signal?.addEventListener('abort', stop, { once: true });
    });
  return async (task, signal) => {
    signal?.throwIfAborted();
    if (running < limit) running += 1;
    else await wait(signal);
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      leave();
    }
  };
}
