import type { Terminal } from './terminal.ts';

/** How often a line on a terminal is rewritten. */
const REDRAW_MS = 100;

/**
 * What a long command says while it works: on a terminal one line that is rewritten, otherwise a plain line for each thing finished.
 */
export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: () => number;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(terminal: Terminal, clock: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** What is going on now; shown on a terminal only. */
  update(line: () => string): void {
    if (!this.#terminal.interactive) return;
    const now = this.#clock();
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#drawn = true;
    this.#terminal.err(`\r\u001B[2K${line()}`);
  }

  /** Something is done; kept as a line of its own where lines cannot be rewritten. */
  finished(line: string): void {
    if (!this.#terminal.interactive) this.#terminal.err(`${line}\n`);
  }

  /** Take the rewritten line away. */
  clear(): void {
    if (this.#drawn) this.#terminal.err('\r\u001B[2K');
    this.#drawn = false;
  }
}
