import { ArchiveError } from '../domain/errors.ts';

/**
 * Whether a run has the time for the next step of a day that several runs may share.
 *
 * A run that has done something puts off what would not be done in time: the next run goes on from there. One that has done nothing yet cannot do better than to try.
 */
export class Pace {
  readonly #remainingMs: () => number;
  #done = false;

  /** @param remainingMs - milliseconds that the run has left */
  constructor(remainingMs: () => number) {
    this.#remainingMs = remainingMs;
  }

  /** Something is done that the next run need not do again. */
  done(): void {
    this.#done = true;
  }

  /**
   * @param ms - what the step takes at most, on a slow machine
   * @throws ArchiveError DEADLINE_REACHED when the next run should do it
   */
  need(ms: number, step: string): void {
    if (!this.#done || this.#remainingMs() >= ms) return;
    throw new ArchiveError(
      'DEADLINE_REACHED',
      `this run has too little time left for ${step}; the next run does it`,
    );
  }
}
