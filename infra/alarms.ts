import type { FoundationConfiguration } from '../lib/config/configuration.ts';
import { DAY_MS } from '../lib/domain/day.ts';
import { METRIC_NAMESPACE } from '../lib/telemetry/metrics-line.ts';
import { FUNCTION_IDS, FUNCTION_NAMES } from './function-names.ts';
import { attribute, idOf, pascalCase, type Resource, type Resources, ref } from './resources.ts';
import type { ScheduleRuns } from './schedule-runs.ts';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Of the usual schedule, whose days are stored within one and a half; the rest is for runs that failed. */
const LEAST_OLD_DAYS = 2;

/** In a day: where there are fewer, the first failure rings. */
const RUNS_OF_WHICH_ONE_MAY_FAIL = 4;

/** As `verify` and `status` have it. */
const DIGEST_OVERDUE_HOURS = 26;

/** Five US dollars (aws.amazon.com/athena/pricing, November 2026). */
const ATHENA_BYTES_A_DAY = 1e12;

/** A little more than a US dollar, were all of them of the largest function. */
const FUNCTION_HOURS_A_DAY = 12;

/** Where the sections are that alarms link to; each has the alarm's name as its anchor. */
export const RUNBOOK = 'docs/runbook.md';

interface Wording {
  /** What is true when it rings. */
  readonly means: string;
  readonly act: string;
}

/** Every alarm by the name that its section in the runbook has. */
export const ALARM_TEXTS = {
  'newest-day-too-old': {
    means:
      'The newest stored day of this foundation is too old, or nothing has looked for a day. New days are not being stored; Cloud Controller forgets them after its retention.',
    act: 'Look at the log of archive and at the dead letters. A new stack is quiet after its first run.',
  },
  loss: {
    means:
      'Events of this foundation existed and are nowhere now: they left Cloud Controller before they were stored.',
    act: 'Run status for the days. Find out who truncated or lowered the retention; what is lost stays on record.',
  },
  'deleted-at-source': {
    means:
      'Cloud Controller has fewer events of a stored day than before. The archive keeps what it has; somebody removed evidence at the source.',
    act: 'Run status for the days, and ask the operators of the foundation who deleted audit events.',
  },
  'days-at-risk': {
    means:
      'Days are closed but not stored, and leave Cloud Controller within three days. Then they are lost.',
    act: 'Act today: read the log of archive-day for these days, then run archive by hand.',
  },
  'foundation-not-readable': {
    means:
      'Runs for this foundation end before they see any day: its API, its UAA, the client or its secret is out of order.',
    act: 'Read the error in the log of archive; it names the cause and what to do.',
  },
  'digest-missing': {
    means:
      'There is no digest of this foundation from the last 26 hours. What was written since is not signed, and a calendar day without a digest is evidence of tampering.',
    act: 'Read the log of digest, then start it by hand.',
  },
  'digest-failed': {
    means: 'A digest of this foundation could not be made or signed. The next run tries again.',
    act: 'Read the error in the log of digest: the signing key, its policy, or an object that cannot be read.',
  },
  'dead-letters': {
    means:
      'A message was given up after all its attempts, or a timer could not start its function.',
    act: 'Read the message and the log of the function, repair the cause, then move messages back. The timer asks for a day again by itself.',
  },
  'function-errors': {
    means:
      'A function failed as a whole: it crashed, ran out of time or memory, or could not start.',
    act: 'Read its log. After a deployment, deploy the version before.',
  },
  'api-errors': {
    means: 'Questions over HTTP were answered with a server error.',
    act: 'Read the log of query for the same time.',
  },
  'athena-cutoff': {
    means:
      'Athena ended a question of query because it read more bytes than the workgroup allows. What is larger than max_scan is refused before that, so the two limits differ, or the archive has grown since the question began.',
    act: 'Compare the limit of the workgroup with max_scan: it may have been changed by hand.',
  },
  'cost-athena': {
    means: 'Questions have read more than a terabyte within a day: five US dollars.',
    act: 'See in the query log who asks what; lower max_scan, or set http.daily_scan.',
  },
  'cost-functions': {
    means: 'The functions ran for more than twelve hours within a day, several times the usual.',
    act: 'See on the dashboard which of them. After a first deployment this is the backfill and ends by itself.',
  },
} as const satisfies Readonly<Record<string, Wording>>;

export type AlarmName = keyof typeof ALARM_TEXTS;

type Missing = 'breaching' | 'notBreaching';

/** Everything of an alarm but its words. */
type Condition = Readonly<Record<string, unknown>> & { readonly TreatMissingData: Missing };

/** What the alarms must know of the timer that stores days. */
type ArchiveRuns = Pick<ScheduleRuns, 'longestGapMs' | 'runsAMonth'>;

/** Every alarm of a stack; each says what it means, what to do, and where to read on. */
export function alarmResources(
  stackName: string,
  foundations: readonly Pick<FoundationConfiguration, 'name' | 'settleMs'>[],
  workgroup: string,
  archiveRuns: ArchiveRuns,
): Resources {
  const alarms = [
    ...foundations.flatMap((foundation) => foundationAlarms(stackName, foundation, archiveRuns)),
    ...deadLetterAlarms(stackName),
    ...FUNCTION_NAMES.map((name) =>
      alarm(stackName, 'function-errors', name, {
        ...metric('AWS/Lambda', 'Errors', { FunctionName: ref(FUNCTION_IDS[name]) }),
        ...above(0, 'Sum', HOUR_SECONDS),
      }),
    ),
    alarm(stackName, 'api-errors', undefined, {
      ...metric('AWS/ApiGateway', '5xx', { ApiId: ref('HttpApi') }),
      ...above(2, 'Sum', HOUR_SECONDS),
    }),
    alarm(stackName, 'cost-athena', undefined, {
      ...sum(
        ['SUCCEEDED', 'FAILED', 'CANCELLED'].map((QueryState) =>
          metric('AWS/Athena', 'ProcessedBytes', {
            WorkGroup: workgroup,
            QueryType: 'DML',
            QueryState,
          }),
        ),
        DAY_SECONDS,
      ),
      ...aboveSum(ATHENA_BYTES_A_DAY),
    }),
    alarm(stackName, 'cost-functions', undefined, {
      ...sum(
        FUNCTION_NAMES.map((name) =>
          metric('AWS/Lambda', 'Duration', { FunctionName: ref(FUNCTION_IDS[name]) }),
        ),
        DAY_SECONDS,
      ),
      ...aboveSum(FUNCTION_HOURS_A_DAY * HOUR_SECONDS * 1000),
    }),
  ];
  return Object.fromEntries(alarms);
}

function foundationAlarms(
  stackName: string,
  { name, settleMs }: Pick<FoundationConfiguration, 'name' | 'settleMs'>,
  { longestGapMs, runsAMonth }: ArchiveRuns,
): [string, Resource][] {
  const own = (alarmName: AlarmName, metricName: string, condition: Condition) =>
    alarm(stackName, alarmName, name, {
      ...metric(METRIC_NAMESPACE, metricName, { foundation: name }),
      ...condition,
    });
  // The next day is over a day later, settles, and waits for a run: until then this one is the newest.
  const oldest = Math.max(LEAST_OLD_DAYS, Math.ceil(1 + (settleMs + longestGapMs) / DAY_MS));
  // One of many runs may fail; one of few is most of a day.
  const failures = Math.round(runsAMonth / 30) < RUNS_OF_WHICH_ONE_MAY_FAIL ? 0 : 1;
  return [
    own('newest-day-too-old', 'NewestClosedDayAgeDays', {
      ...above(oldest, 'Maximum', DAY_SECONDS),
      TreatMissingData: 'breaching',
    }),
    own('loss', 'Losses', above(0, 'Sum', DAY_SECONDS)),
    own('deleted-at-source', 'DaysDeletedAtSource', above(0, 'Sum', DAY_SECONDS)),
    own('days-at-risk', 'DaysAtRisk', above(0, 'Maximum', 6 * HOUR_SECONDS)),
    own('foundation-not-readable', 'RunsFailed', above(failures, 'Sum', DAY_SECONDS)),
    own('digest-missing', 'DigestAgeHours', {
      ...above(DIGEST_OVERDUE_HOURS, 'Maximum', DAY_SECONDS),
      TreatMissingData: 'breaching',
    }),
    own('digest-failed', 'DigestsFailed', above(0, 'Sum', DAY_SECONDS)),
    own('athena-cutoff', 'AthenaCutoffs', above(0, 'Sum', HOUR_SECONDS)),
  ];
}

const deadLetterAlarms = (stackName: string): [string, Resource][] =>
  [
    { of: 'archive-day', queue: 'ArchiveDayDeadLetters' },
    { of: 'timers', queue: 'TimerDeadLetters' },
  ].map(({ of, queue }) =>
    alarm(stackName, 'dead-letters', of, {
      ...metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', {
        QueueName: attribute(queue, 'QueueName'),
      }),
      ...above(0, 'Maximum', HOUR_SECONDS / 12),
    }),
  );

function alarm(
  stackName: string,
  name: AlarmName,
  of: string | undefined,
  condition: Condition,
): [string, Resource] {
  const { means, act } = ALARM_TEXTS[name];
  const subject = of === undefined ? '' : `${of}: `;
  return [
    `Alarm${pascalCase(name)}${of === undefined ? '' : idOf(of)}`,
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: [stackName, name, of].filter((part) => part !== undefined).join('-'),
        AlarmDescription: `${subject}${means} What to do: ${act} ${RUNBOOK}#${name}`,
        ...condition,
        AlarmActions: [ref('AlarmTopic')],
        OKActions: [ref('AlarmTopic')],
      },
    },
  ];
}

const metric = (
  Namespace: string,
  MetricName: string,
  dimensions: Readonly<Record<string, unknown>>,
) => ({
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

const above = (
  Threshold: number,
  Statistic: 'Sum' | 'Maximum',
  Period: number,
): Condition & { readonly Statistic: string } => ({
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold,
  Statistic,
  Period,
  EvaluationPeriods: 1,
  TreatMissingData: 'notBreaching',
});

const sum = (metrics: readonly ReturnType<typeof metric>[], period: number) => ({
  Metrics: [
    ...metrics.map((Metric, index) => ({
      Id: `m${index}`,
      MetricStat: { Metric, Period: period, Stat: 'Sum' },
      ReturnData: false,
    })),
    {
      Id: 'total',
      Expression: metrics.map((_, index) => `FILL(m${index}, 0)`).join(' + '),
      ReturnData: true,
    },
  ],
});

const aboveSum = (Threshold: number): Condition => ({
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold,
  EvaluationPeriods: 1,
  TreatMissingData: 'notBreaching',
});
