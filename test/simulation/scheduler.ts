import type { Prng } from './prng.ts';

/** One simulated process: it lives until it is done or killed. */
export interface Process {
  readonly name: string;
  state: 'running' | 'done' | 'killed';
  /** Turns that are left until it is killed; infinite when it is not. */
  turnsToLive: number;
}

interface Turn {
  readonly process: Process;
  readonly what: string;
  readonly go: () => void;
}

/**
 * Decides which process goes on, one step at a time.
 *
 * Every call of a port waits here for its turn first, so between two turns exactly one process runs, and only as far as its next call.
 * A process that is killed never gets another turn: its promises stay open for ever and no `finally` of it runs, as after SIGKILL.
 */
export class Scheduler {
  readonly #prng: Prng;
  readonly #onTurn: (process: Process, what: string) => void;
  #waiting: Turn[] = [];

  /** @param onTurn - called before each step, to let the world move on */
  constructor(prng: Prng, onTurn: (process: Process, what: string) => void) {
    this.#prng = prng;
    this.#onTurn = onTurn;
  }

  turn(process: Process, what: string): Promise<void> {
    return new Promise((go) => {
      if (process.state === 'running') this.#waiting.push({ process, what, go });
    });
  }

  /** Run processes side by side until each is done or killed. */
  async run(
    processes: ReadonlyMap<Process, () => Promise<void>>,
    onKilled: (process: Process) => void,
  ): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (const [process, main] of processes) {
      main().then(
        () => {
          process.state = 'done';
        },
        (error: unknown) => {
          process.state = 'done';
          failure ??= { error };
        },
      );
    }
    for (;;) {
      // All that can run without a turn has run when this returns: no port waits for anything real.
      await new Promise((resolve) => setImmediate(resolve));
      if (failure) throw failure.error;
      if (![...processes.keys()].some(({ state }) => state === 'running')) return;
      const [next] = this.#waiting.splice(this.#prng.between(0, this.#waiting.length - 1), 1);
      if (next === undefined) throw new Error('every process waits, and none for a turn');
      const { process } = next;
      process.turnsToLive -= 1;
      if (process.turnsToLive < 0) {
        process.state = 'killed';
        this.#waiting = this.#waiting.filter((turn) => turn.process !== process);
        onKilled(process);
        continue;
      }
      this.#onTurn(process, next.what);
      next.go();
    }
  }
}
