import type { ArchiveTask } from '../domain/archive-task.ts';

/** Where tasks wait for a function that does them. */
export interface TaskQueue {
  /**
   * Put tasks into the queue, in their order.
   *
   * @param askedAt - when the run that asks began: it asks for each task once, however often this is called
   * @throws ArchiveError QUEUE_UNAVAILABLE when not all of them are in it
   */
  send(tasks: readonly ArchiveTask[], askedAt: string): Promise<void>;
}
