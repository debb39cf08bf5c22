import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type ArchiveTask, deduplicationIdOf, groupOf } from '../domain/archive-task.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { TaskQueue } from '../runs/ports.ts';

/** SQS takes no more at once. */
const BATCH = 10;

/** A first-in-first-out queue of SQS, a group for each foundation. Needs `sqs:SendMessage` on it. */
export class SqsTaskQueue implements TaskQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(tasks: readonly ArchiveTask[], askedAt: string): Promise<void> {
    for (let from = 0; from < tasks.length; from += BATCH) {
      await this.#sendBatch(tasks.slice(from, from + BATCH), askedAt);
    }
  }

  async #sendBatch(tasks: readonly ArchiveTask[], askedAt: string): Promise<void> {
    const Entries = tasks.map((task, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(task),
      MessageGroupId: groupOf(task),
      MessageDeduplicationId: deduplicationIdOf(task, askedAt),
    }));
    const { Failed = [] } = await this.#client
      .send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }))
      .catch((cause) => {
        throw unavailable(String(Object(cause).name), { cause });
      });
    const [failed] = Failed;
    if (failed) throw unavailable(`${failed.Code}, ${Failed.length} of ${tasks.length} tasks`);
  }
}

const unavailable = (reason: string, options?: ErrorOptions): ArchiveError =>
  new ArchiveError(
    'QUEUE_UNAVAILABLE',
    `tasks could not be queued (${reason}); the next run asks for them again`,
    options,
  );
