import { parentPort, workerData } from 'node:worker_threads';
import type { Break } from './breaks.ts';
import { simulateSeed } from './simulate-seed.ts';

/** What a worker is told when it starts. */
export interface WorkerTask {
  readonly broken: Break | undefined;
}

/** What it says of each seed that it was given. */
export interface SeedReport {
  readonly seed: number;
  readonly counts: readonly (readonly [string, number])[];
  readonly violation: string | undefined;
}

const { broken }: WorkerTask = workerData;

parentPort?.on('message', async (seed: number) => {
  const { tally, violation } = await simulateSeed(seed, { broken });
  const report: SeedReport = { seed, counts: [...tally.counts], violation };
  parentPort?.postMessage(report);
});
