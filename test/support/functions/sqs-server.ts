import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface QueuedMessage {
  readonly body: string;
  readonly group: string;
  readonly deduplicationId: string;
}

export interface SqsServer {
  readonly endpoint: string;
  /** What is in the queue, each message once, as a first-in-first-out queue keeps it. */
  readonly messages: QueuedMessage[];
  /** Seconds after which messages are to be handed out again, in the order in which that was said. */
  readonly givenBack: number[];
  /** Refuse everything from now on, as a queue that one may not send to. */
  refuse(): void;
  close(): Promise<void>;
}

/** `SendMessageBatch` and `ChangeMessageVisibility` of SQS, and nothing else of it. */
export async function startSqsServer(): Promise<SqsServer> {
  const messages: QueuedMessage[] = [];
  const givenBack: number[] = [];
  let refuses = false;
  const server = createServer(async (request, response) => {
    const input = (await json(request)) as {
      Entries: Record<string, string>[];
      VisibilityTimeout?: number;
    };
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    };
    if (input.VisibilityTimeout !== undefined) {
      givenBack.push(input.VisibilityTimeout);
      send(200, {});
      return;
    }
    if (refuses || request.headers['x-amz-target'] !== 'AmazonSQS.SendMessageBatch') {
      send(400, { __type: 'com.amazonaws.sqs#AccessDeniedException', message: 'no' });
      return;
    }
    if (input.Entries.length > 10) {
      send(400, { __type: 'com.amazonaws.sqs#TooManyEntriesInBatchRequest', message: 'no' });
      return;
    }
    const Successful = input.Entries.map(
      ({ Id, MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' }) => {
        if (messages.every((each) => each.deduplicationId !== MessageDeduplicationId)) {
          messages.push({
            body: MessageBody,
            group: MessageGroupId,
            deduplicationId: MessageDeduplicationId,
          });
        }
        const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
        return { Id, MessageId: `m-${messages.length}`, MD5OfMessageBody };
      },
    );
    send(200, { Successful, Failed: [] });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    messages,
    givenBack,
    refuse: () => {
      refuses = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
