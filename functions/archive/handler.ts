import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { lastRunReport } from '../../lib/archive/run-history.ts';
import { functionConfiguration, requiredVariable } from '../../lib/config/function-environment.ts';
import { limitConcurrency } from '../../lib/domain/limiter.ts';
import { createSqsClient } from '../../lib/queue/sqs-client.ts';
import { SqsTaskQueue } from '../../lib/queue/sqs-task-queue.ts';
import { namedFoundation } from '../../lib/runs/named-foundation.ts';
import { outcomeOf } from '../../lib/runs/outcome.ts';
import { queueFoundation } from '../../lib/runs/queue-foundation.ts';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import {
  createFunctionLog,
  errorFacts,
  LOG_CONTEXT,
  putMetrics,
} from '../../lib/telemetry/function-log.ts';
import { countRun } from '../../lib/telemetry/run-metrics.ts';
import { countDeletions, countStanding } from '../../lib/telemetry/standing-metrics.ts';

/** For the last requests, the report and the messages. */
const MARGIN_MS = 30_000;

/** One that does not answer must not keep the others waiting. */
const FOUNDATIONS_AT_ONCE = 8;

/** What the timer sends: `{}`, or one foundation by name. */
const eventSchema = z.object({ foundation: z.string().optional() });

const log = createFunctionLog('archive');
const configuration = functionConfiguration(process.env);
const store = await openObjectStore(configuration.archiveUrl, process.env);
const queue = new SqsTaskQueue(
  createSqsClient(),
  requiredVariable(process.env, 'ARCHIVE_DAY_QUEUE_URL'),
);

/** Look at every day of every foundation, and queue what has to be read. What ends one foundation does not end the others. */
export const handler = middy<unknown>()
  .use(injectLambdaContext(log, LOG_CONTEXT))
  .handler(async (event, context) => {
    const asked = eventSchema.parse(event ?? {}).foundation;
    const limited = limitConcurrency(FOUNDATIONS_AT_ONCE);
    const foundations =
      asked === undefined ? configuration.foundations : [namedFoundation(configuration, asked)];
    const outcomes = await Promise.allSettled(
      foundations.map((foundation) =>
        limited(async () => {
          const outcome = await queueFoundation({
            foundation,
            store,
            queue,
            queryLog: configuration.http.queryLog !== 'off',
            now: () => new Date(),
            remainingMs: () => context.getRemainingTimeInMillis() - MARGIN_MS,
          });
          return tell(outcome);
        }),
      ),
    );
    const fault = outcomes.find(({ status }) => status === 'rejected');
    if (fault?.status === 'rejected') throw fault.reason;
    return outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value);
  });

async function tell({ run, queued, error }: Awaited<ReturnType<typeof queueFoundation>>) {
  const { foundation } = run;
  const failed = run.kind === 'refused' ? run.error : error;
  const report =
    run.kind === 'ran'
      ? run.report
      : (await outcomeOf(lastRunReport(store, foundation, new Date()))).value;
  putMetrics('archive', foundation, {
    ...countRun(run),
    ...(failed && { RunsFailed: 1 }),
    ...(run.kind === 'ran' && countDeletions(run.before, run.report)),
    ...(report && countStanding(report, new Date())),
    DaysQueued: queued,
  });
  const { losses } = run;
  for (const loss of losses) log.error('loss', { foundation, ...loss });
  if (failed) log.error('run failed', { foundation, error: errorFacts(failed) });
  const days = run.kind === 'ran' ? run.days : [];
  for (const day of days) {
    if (day.kind !== 'failed') continue;
    const { code, message } = day;
    log.error('day failed', { foundation, dt: day.day, error: { code, message } });
  }
  log.info('looked at', { foundation, days: days.length, queued });
  return { foundation, queued, losses: losses.length, error: failed?.code ?? null };
}
