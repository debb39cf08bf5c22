/**
 * Runs tasks a few at a time, with backpressure: `add` waits while all places are taken, so whoever adds never runs ahead and memory stays flat.
 */
export class TaskPool {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Start a task as soon as a place is free. Throws what an earlier task threw. */
  async add(task: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    this.#rethrow();
    const running: Promise<void> = task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Wait for all of them. Throws what the first failed one threw. */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
    this.#rethrow();
  }

  /** Wait for all of them and throw nothing: for the way out of an error. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #rethrow(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
