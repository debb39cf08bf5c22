import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { functionConfiguration } from '../../lib/config/function-environment.ts';
import { type ArchiveTask, parseArchiveTask } from '../../lib/domain/archive-task.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { giveBack } from '../../lib/queue/give-back.ts';
import { createSqsClient } from '../../lib/queue/sqs-client.ts';
import { namedFoundation } from '../../lib/runs/named-foundation.ts';
import { rollQueryLog } from '../../lib/runs/roll-query-log.ts';
import { storeDay } from '../../lib/runs/store-day.ts';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import {
  createFunctionLog,
  errorFacts,
  LOG_CONTEXT,
  putMetrics,
} from '../../lib/telemetry/function-log.ts';
import { countRun } from '../../lib/telemetry/run-metrics.ts';
import { countDeletions } from '../../lib/telemetry/standing-metrics.ts';

/** For the last page, the report, and the removal of what was staged. */
const MARGIN_MS = 60_000;

/** A foundation in trouble gets some time; what nobody but a person can repair goes on to the dead letters. */
const RETRY_SECONDS = 120;

const log = createFunctionLog('archive-day');
const configuration = functionConfiguration(process.env);
const store = await openObjectStore(configuration.archiveUrl, process.env);
const sqs = createSqsClient();
const processor = new SqsFifoPartialProcessorAsync();

/** One message is one day of one foundation, or its query log. What fails stays in the queue, which asks again and sets it apart in the end. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(log, LOG_CONTEXT))
  .handler((event, context) =>
    processPartialResponse(event, (record: SQSRecord) => done(record, context), processor, {
      context,
      throwOnFullBatchFailure: false,
    }),
  );

async function done(record: SQSRecord, context: Context): Promise<void> {
  try {
    const task = parseArchiveTask(record.body);
    await (task.task === 'day' ? day(task, context) : roll(task));
  } catch (error) {
    log.error('message failed', { messageId: record.messageId, error: errorFacts(error) });
    await giveBack(sqs, record, isRetryable(error) ? RETRY_SECONDS : 0);
    throw error;
  }
}

const isRetryable = (error: unknown): boolean =>
  !(error instanceof ArchiveError) ||
  (error.code !== 'TASK_INVALID' && error.code !== 'CONFIG_INVALID');

async function day(
  { foundation, dt }: Extract<ArchiveTask, { task: 'day' }>,
  context: Context,
): Promise<void> {
  const { run, failure, notNow } = await storeDay({
    foundation: namedFoundation(configuration, foundation),
    store,
    day: dt,
    now: () => new Date(),
    remainingMs: () => context.getRemainingTimeInMillis() - MARGIN_MS,
  });
  if (notNow) {
    log.info('day left alone', { foundation, dt, reason: notNow });
    return;
  }
  putMetrics('archive-day', foundation, {
    ...countRun(run),
    ...(run.kind === 'ran' && countDeletions(run.before, run.report)),
  });
  for (const loss of run.losses) log.error('loss', { foundation, ...loss });
  if (run.kind === 'ran') {
    const [result] = run.days;
    log.info('day done', { foundation, dt, result: result?.kind });
  }
  if (failure) throw failure;
}

async function roll({ foundation }: ArchiveTask): Promise<void> {
  const { name } = namedFoundation(configuration, foundation);
  for (const { dt, questions } of await rollQueryLog(store, name, new Date())) {
    log.info('query log rolled', { foundation, dt, questions });
  }
}
