import { bytesText } from '../lib/cli/words.ts';
import { type Amount, ASSUMED, type PriceName } from './cost-assumptions.ts';
import { ONE_APP_ONE_MONTH, scannedBytes } from './cost-questions.ts';

/** Facts of the stack, from its own files. */
export interface StackFacts {
  /** Runs of `archive` and of `digest` in a month. */
  readonly archiveRuns: number;
  readonly digestRuns: number;
  /** GB of each function, and of `archive-day`'s /tmp above what is free. */
  readonly memoryGb: Readonly<Record<'archive' | 'archive-day' | 'digest' | 'query', number>>;
  readonly diskGb: number;
  /** Days after which objects become cheaper. */
  readonly infrequentAfterDays: number;
  readonly instantAfterDays: number;
  /** For a stack of one foundation. */
  readonly keys: number;
  readonly secrets: number;
  readonly metrics: number;
  readonly alarmMetrics: number;
  /** What a second foundation adds to them. */
  readonly foundationAlarmMetrics: number;
  readonly dashboards: number;
}

/** One line of the bill: a quantity of something that has a price. */
export interface BillLine extends Amount {
  readonly service: string;
  readonly what: string;
  readonly formula: string;
}

/** A month's bill of one foundation, but for what is stored. */
export function monthlyBill(eventsADay: number, stack: StackFacts): BillLine[] {
  const a = ASSUMED;
  const days = a.daysAMonth;
  const readSeconds = days * a.readsOfADay * (a.secondsADay + eventsADay / a.eventsASecond);
  const rollSeconds = stack.archiveRuns * a.secondsToRollTheQueryLog;
  const daySeconds = readSeconds + rollSeconds;
  const messages = days * a.readsOfADay + stack.archiveRuns;
  const invocations = stack.archiveRuns + stack.digestRuns + messages + a.questionsAMonth;
  const logGb = (invocations * a.logBytesAnInvocation) / 1e9;
  const line = (
    service: string,
    what: string,
    price: PriceName,
    quantity: number,
    formula: string,
  ): BillLine => ({ service, what, formula, quantity, price });
  const compute = (
    name: keyof StackFacts['memoryGb'],
    seconds: number,
    formula: string,
  ): BillLine =>
    line(
      'Lambda',
      `\`${name}\``,
      'lambdaCompute',
      seconds * stack.memoryGb[name],
      `${formula} × ${stack.memoryGb[name]} GB`,
    );
  return [
    compute(
      'archive',
      stack.archiveRuns * a.secondsToLookAtAllDays,
      `${stack.archiveRuns} runs × ${a.secondsToLookAtAllDays} s`,
    ),
    compute(
      'archive-day',
      daySeconds,
      `(${days} days × ${a.readsOfADay} reads × (${a.secondsADay} s + events ÷ ${a.eventsASecond}/s) + ${stack.archiveRuns} × ${a.secondsToRollTheQueryLog} s)`,
    ),
    line(
      'Lambda',
      '`archive-day`, disk',
      'lambdaDisk',
      daySeconds * stack.diskGb,
      `the same seconds × ${stack.diskGb} GB`,
    ),
    compute(
      'digest',
      stack.digestRuns * a.secondsToSign,
      `${stack.digestRuns} runs × ${a.secondsToSign} s`,
    ),
    compute(
      'query',
      a.questionsAMonth * a.secondsAQuestion,
      `${a.questionsAMonth} questions × ${a.secondsAQuestion} s`,
    ),
    line('Lambda', 'invocations', 'lambdaRequest', invocations, 'runs + messages + questions'),
    line(
      'S3',
      'PUT and LIST',
      's3Put',
      stack.archiveRuns * a.putsAndListsARun +
        days * a.readsOfADay * a.putsAndListsADay +
        a.questionsAMonth * days,
      `runs × ${a.putsAndListsARun} + reads × ${a.putsAndListsADay} + questions × ${days} days`,
    ),
    line(
      'S3',
      'GET',
      's3Get',
      stack.archiveRuns * a.getsARun +
        days * a.readsOfADay * a.getsADay +
        a.questionsAMonth * days * 3,
      `runs × ${a.getsARun} + reads × ${a.getsADay} + questions × ${days} days × 3`,
    ),
    line('S3', 'to Standard-IA', 's3TransitionInfrequent', days, 'one part a day'),
    line('S3', 'to Glacier IR', 's3TransitionInstant', days, 'one part a day'),
    line(
      'Athena',
      'questions: one app, one month',
      'athenaScan',
      (a.questionsAMonth * scannedBytes(eventsADay, ONE_APP_ONE_MONTH)) / 1e12,
      `${a.questionsAMonth} × ${bytesText(scannedBytes(eventsADay, ONE_APP_ONE_MONTH))}`,
    ),
    line('KMS', 'keys', 'kmsKey', stack.keys, `${stack.keys} keys`),
    line('KMS', 'data keys', 'kmsRequest', a.kmsRequestsAMonth, 'bucket keys keep them few'),
    line('KMS', 'signatures', 'kmsSign', stack.digestRuns, 'one a day'),
    line(
      'EventBridge Scheduler',
      'timers',
      'schedulerCall',
      stack.archiveRuns + stack.digestRuns,
      'runs',
    ),
    line('SQS', 'messages', 'sqsRequest', messages * 3, 'messages × (send, receive, delete)'),
    line(
      'SQS',
      'polling',
      'sqsRequest',
      a.pollers * 3 * 60 * 24 * days,
      `${a.pollers} pollers × 3 a minute`,
    ),
    line(
      'CloudWatch',
      'metrics',
      'metric',
      stack.metrics,
      `${stack.metrics}; an upper bound, AWS counts only hours with values`,
    ),
    line(
      'CloudWatch',
      'alarms',
      'alarm',
      stack.alarmMetrics,
      `${stack.alarmMetrics} metrics that alarms look at`,
    ),
    line('CloudWatch', 'dashboard', 'dashboard', stack.dashboards, `${stack.dashboards}`),
    line('CloudWatch', 'logs', 'logs', logGb, `invocations × ${bytesText(a.logBytesAnInvocation)}`),
    line(
      'CloudWatch',
      'logs kept',
      'logStorage',
      (logGb * 13) / 5,
      '13 months, a fifth compressed',
    ),
    line(
      'Secrets Manager',
      'secrets',
      'secret',
      stack.secrets,
      `${stack.secrets}: the foundation's, and the key of cursors`,
    ),
    line('Secrets Manager', 'calls', 'secretCall', invocations * 2, 'invocations × 2 at most'),
    line('API Gateway', 'requests', 'apiRequest', a.questionsAMonth, 'questions'),
    line(
      'API Gateway',
      'data to the internet',
      'dataOut',
      (a.questionsAMonth * a.answerBytes) / 1e9,
      `questions × ${bytesText(a.answerBytes)}`,
    ),
  ];
}

/** The month's bill for storage, so many years after the first day. */
export function storageBill(eventsADay: number, years: number, stack: StackFacts): BillLine[] {
  const a = ASSUMED;
  const total = years * 365;
  const partGb = (eventsADay * a.bytesAnEvent) / 1e9;
  const standard = Math.min(total, stack.infrequentAfterDays);
  const infrequent = Math.min(total, stack.instantAfterDays) - standard;
  const instant = total - standard - infrequent;
  // The digest of the n-th day tells of n days.
  const digestBytes = (a.digestBytesADay * total * total) / 2;
  const records = total * (2 * a.manifestBytes + 6 * a.reportBytes) + digestBytes;
  const parts = (days: number): string => `${days} days × events × ${a.bytesAnEvent} B`;
  return [
    {
      service: 'S3',
      what: 'parts, Standard',
      formula: parts(standard),
      quantity: standard * partGb,
      price: 's3Standard',
    },
    {
      service: 'S3',
      what: 'parts, Standard-IA',
      formula: parts(infrequent),
      quantity: infrequent * partGb,
      price: 's3InfrequentAccess',
    },
    {
      service: 'S3',
      what: 'parts, Glacier Instant Retrieval',
      formula: parts(instant),
      quantity: instant * partGb,
      price: 's3InstantRetrieval',
    },
    {
      service: 'S3',
      what: 'manifests, reports, digests, Standard',
      formula: `${total} days × (2 manifests, 6 reports) + digests that tell of every day before`,
      quantity: records / 1e9,
      price: 's3Standard',
    },
  ];
}

/** What a further foundation costs before it has any event. */
export const foundationBill = (stack: StackFacts): Amount[] => [
  { price: 'metric', quantity: stack.metrics },
  { price: 'alarm', quantity: stack.foundationAlarmMetrics },
  { price: 'secret', quantity: 1 },
];
