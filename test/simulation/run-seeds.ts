import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedReport, WorkerTask } from './seed-worker.ts';

export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

/**
 * Live through a range of seeds, one worker a core, until all are done or one violates an invariant.
 *
 * @param onReport - called for each seed, in the order in which they end
 */
export async function runSeeds(
  { from, count }: SeedRange,
  task: WorkerTask,
  onReport: (report: SeedReport) => void,
): Promise<void> {
  let next = from;
  let violated = false;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: task });
    try {
      while (!violated && next < from + count) {
        const seed = next;
        next += 1;
        const report = await liveSeed(worker, seed);
        violated ||= report.violation !== undefined;
        onReport(report);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, work));
}

function liveSeed(worker: Worker, seed: number): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(new Error(`seed ${seed} broke off`, { cause }));
    worker.once('error', fail);
    worker.once('message', (report: SeedReport) => {
      worker.off('error', fail);
      resolve(report);
    });
    worker.postMessage(seed);
  });
}
