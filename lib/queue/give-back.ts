import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message as it was received. */
export interface ReceivedMessage {
  /** ARN of its queue. */
  readonly eventSourceARN: string;
  readonly receiptHandle: string;
}

/**
 * Have a message handed out again after some seconds, instead of when its queue's visibility timeout is over: until then no later one of its group is handed out. Best effort.
 *
 * Needs `sqs:ChangeMessageVisibility` on the queue.
 */
export async function giveBack(
  client: SQSClient,
  { eventSourceARN, receiptHandle }: ReceivedMessage,
  seconds: number,
): Promise<void> {
  const [, , , region, account, name] = eventSourceARN.split(':');
  await client
    .send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    )
    .catch(() => undefined);
}
