import { createHash } from 'node:crypto';
import { z } from 'zod';
import { daySchema } from './day.ts';
import { ArchiveError } from './errors.ts';
import { foundationNameSchema } from './foundation.ts';

const common = { version: z.literal(1), foundation: foundationNameSchema };

/**
 * What one queue message asks for: store one day of one foundation, or roll its query log.
 *
 * `{"version":1,"foundation":"eu-1","task":"day","dt":"2026-03-01"}`
 */
export const archiveTaskSchema = z.discriminatedUnion('task', [
  z.strictObject({ ...common, task: z.literal('day'), dt: daySchema }),
  z.strictObject({ ...common, task: z.literal('roll-query-log') }),
]);
export type ArchiveTask = z.infer<typeof archiveTaskSchema>;

/** @throws ArchiveError TASK_INVALID, which does not repeat what stands there */
export function parseArchiveTask(text: string): ArchiveTask {
  try {
    return archiveTaskSchema.parse(JSON.parse(text));
  } catch {
    throw new ArchiveError('TASK_INVALID', 'the message is no task of this program');
  }
}

/** Tasks of a group are done one after the other. What reads a foundation is its own group, so that its bound of concurrency holds. */
export const groupOf = ({ foundation, task }: ArchiveTask): string =>
  task === 'day' ? foundation : `${foundation}.${task}`;

/** The same for a task that one run asks for twice, another for every run. @param askedAt - when the run began */
export const deduplicationIdOf = (task: ArchiveTask, askedAt: string): string =>
  createHash('sha256')
    .update([task.foundation, task.task, task.task === 'day' ? task.dt : '', askedAt].join('\n'))
    .digest('hex');
