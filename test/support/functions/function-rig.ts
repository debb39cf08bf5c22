import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { DAY_MS, type Day, dayOf } from '../../../lib/domain/day.ts';
import { ARCHIVER_CLIENT } from '../../../lib/sample-foundation/sample-foundation.ts';
import { type ArchiveRig, anArchiveRig } from '../archive/archive-rig.ts';
import { anEventRecord } from '../sample-foundation/records.ts';
import { type SqsServer, startSqsServer } from './sqs-server.ts';

/** What a function wrote, a line an entry. */
export type LogEntry = Readonly<Record<string, unknown>>;

export interface FunctionRig extends ArchiveRig {
  readonly sqs: SqsServer;
  /** The foundation's client secret is read from there. */
  readonly secretFile: string;
  /** Configure functions that are loaded from now on. @param more - YAML: further foundations, further sections */
  configure(more?: { readonly foundations?: string; readonly sections?: string }): void;
  /** Everything that functions logged since the last call, metrics too. */
  logged(): LogEntry[];
  /** Metrics of a foundation since the rig began, of the newest line that has each. */
  metrics(foundation?: string): Readonly<Record<string, unknown>>;
}

const NOW = new Date();

/** A UTC day before today. */
export const daysAgo = (days: number): Day => dayOf(new Date(NOW.getTime() - days * DAY_MS));

/** As Lambda gives it, as far as it matters. */
export const aContext = (remainingMs = 300_000) =>
  ({
    functionName: 'f',
    awsRequestId: 'r',
    memoryLimitInMB: '512',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
    getRemainingTimeInMillis: () => remainingMs,
  }) as never;

/** A queue's message as Lambda hands it over. */
export const aRecord = (body: string, messageId = 'm-1'): SQSRecord => ({
  messageId,
  body,
  receiptHandle: 'r',
  attributes: {
    MessageGroupId: 'eu-1',
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: '0',
    SentTimestamp: '0',
    SenderId: 's',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:archive-day.fifo',
  awsRegion: 'eu-central-1',
});

/** Four days with two events each, in a foundation that keeps six days, now; functions work by the machine's clock. */
export async function aFunctionRig(): Promise<FunctionRig> {
  const events = [1, 2, 3, 4].flatMap((days) =>
    [10, 11].map((hour) =>
      anEventRecord({ created_at: Date.parse(`${daysAgo(days)}T${hour}:00:00Z`) * 1000 }),
    ),
  );
  const rig = await anArchiveRig({ now: NOW, events });
  const sqs = await startSqsServer();
  const secretFile = join(rig.directory, 'secret');
  await writeFile(secretFile, ARCHIVER_CLIENT.secret);
  const lines: LogEntry[] = [];
  let told = 0;
  const keep = (chunk: unknown): true => {
    for (const line of String(chunk).split('\n')) if (line !== '') lines.push(JSON.parse(line));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation(keep),
  );
  return {
    ...rig,
    sqs,
    secretFile,
    configure({ foundations = '', sections = '' } = {}) {
      Object.assign(process.env, {
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_SQS: sqs.endpoint,
        ARCHIVE_DAY_QUEUE_URL:
          'https://sqs.eu-central-1.amazonaws.com/123456789012/archive-day.fifo',
        CF_AUDIT_ARCHIVE_CONFIGURATION: `
archive: file:${rig.directory}/archive
foundations:
  - { name: eu-1, api: "${rig.sample.apiUrl}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { file: "${secretFile}" }, retention_days: 6, settle: 0s }
${foundations}
${sections}`,
      });
      jest.resetModules();
    },
    logged() {
      const entries = lines.slice(told);
      told = lines.length;
      return entries;
    },
    metrics: (foundation = 'eu-1') =>
      Object.assign(
        {},
        ...lines.filter((line) => '_aws' in line && line.foundation === foundation),
      ),
    async close() {
      for (const spy of spies) spy.mockRestore();
      await sqs.close();
      await rig.close();
    },
  };
}
