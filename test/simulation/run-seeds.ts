import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Break } from './breaks.ts';
import { replayLine } from './replay-line.ts';
import type { SeedReport, WorkerTask } from './seed-worker.ts';

const SEED_WORKER = new URL('./seed-worker.ts', import.meta.url);

export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

/**
 * Live through a range of seeds, one worker a core, until all are done or one violates an invariant.
 *
 * @param onReport - called for each seed, in the order in which they end
 * @throws Error with the command that replays it, when a seed ends in something that is no violation
 */
export async function runSeeds(
  { from, count }: SeedRange,
  task: WorkerTask,
  onReport: (report: SeedReport) => void,
  script = SEED_WORKER,
): Promise<void> {
  let next = from;
  let violated = false;
  const work = async (): Promise<void> => {
    const worker = new Worker(script, { workerData: task });
    try {
      while (!violated && next < from + count) {
        const seed = next;
        next += 1;
        const report = await liveSeed(worker, seed, task.broken);
        violated ||= report.violation !== undefined;
        onReport(report);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, work));
}

function liveSeed(worker: Worker, seed: number, broken: Break | undefined): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new Error(`seed ${seed} broke off\n${replayLine(seed, broken)}`, { cause }));
    worker.once('error', fail);
    worker.once('message', (report: SeedReport) => {
      worker.off('error', fail);
      resolve(report);
    });
    worker.postMessage(seed);
  });
}
