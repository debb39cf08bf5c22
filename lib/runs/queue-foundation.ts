import type { ArchiveTask } from '../domain/archive-task.ts';
import type { ArchiveError } from '../domain/errors.ts';
import { outcomeOf } from './outcome.ts';
import type { TaskQueue } from './ports.ts';
import { type FoundationRun, type RunOptions, runFoundation } from './run-foundation.ts';

export interface QueueOptions extends Omit<RunOptions, 'openParts' | 'day'> {
  readonly queue: TaskQueue;
  /** Whether questions are put on record, so that there is a log to roll. */
  readonly queryLog: boolean;
}

export interface QueuedRun {
  readonly run: FoundationRun;
  /** Days that were queued. */
  readonly queued: number;
  /** Why not everything could be queued. */
  readonly error?: ArchiveError;
}

/**
 * Look at every day of a foundation, and queue those that have to be read.
 *
 * The run is on record before: whoever takes a message judges losses by it. A run that dies in between is no harm, since the next one finds the same days.
 */
export async function queueFoundation({
  queue,
  queryLog,
  ...options
}: QueueOptions): Promise<QueuedRun> {
  const { name: foundation } = options.foundation;
  const startedAt = options.now().toISOString();
  const run = await runFoundation(options);
  const due = run.kind === 'ran' ? run.due : [];
  const tasks: ArchiveTask[] = [
    ...(queryLog ? [{ version: 1 as const, foundation, task: 'roll-query-log' as const }] : []),
    ...due.map((dt) => ({ version: 1 as const, foundation, task: 'day' as const, dt })),
  ];
  const { error } = await outcomeOf(queue.send(tasks, startedAt));
  return error ? { run, queued: 0, error } : { run, queued: due.length };
}
