import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Account } from './signed-request.ts';

/** A queue of a deployed stack. */
export class DeployedQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  private constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  static async open(
    { endpoint, region, ...credentials }: Account,
    QueueName: string,
  ): Promise<DeployedQueue> {
    const client = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
    const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName }));
    return new DeployedQueue(client, QueueUrl);
  }

  /** Messages that nobody has finished. */
  async length(): Promise<number> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible) +
      Number(Attributes.ApproximateNumberOfMessagesDelayed)
    );
  }

  async send(body: string, group: string, deduplicationId: string): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#url,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  }

  async receive(): Promise<Message[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    );
    return Messages;
  }

  async setVisibilityTimeout(seconds: number): Promise<void> {
    await this.#client.send(
      new SetQueueAttributesCommand({
        QueueUrl: this.#url,
        Attributes: { VisibilityTimeout: String(seconds) },
      }),
    );
  }

  close(): void {
    this.#client.destroy();
  }
}
