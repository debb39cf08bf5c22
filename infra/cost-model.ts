import { bytesText } from '../lib/cli/words.ts';

/** What AWS asks for one unit, in US dollars. */
interface Price {
  readonly usd: number;
  readonly of: string;
  readonly source: string;
}

/** List prices of US East (N. Virginia), without free tiers and discounts, as assumed on PRICES_AS_OF. Correct them here, and run `npm run cost`. */
export const PRICES_AS_OF = '2026-11-21';

const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const KMS = 'https://aws.amazon.com/kms/pricing/';

export const PRICES = {
  lambdaCompute: { usd: 0.0000133334, of: 'GB-second, arm64', source: LAMBDA },
  lambdaDisk: { usd: 0.0000000309, of: 'GB-second of /tmp above 0.5 GB', source: LAMBDA },
  lambdaRequest: { usd: 0.2e-6, of: 'invocation', source: LAMBDA },
  s3Standard: { usd: 0.023, of: 'GB-month, Standard', source: S3 },
  s3InfrequentAccess: { usd: 0.0125, of: 'GB-month, Standard-IA', source: S3 },
  s3InstantRetrieval: { usd: 0.004, of: 'GB-month, Glacier Instant Retrieval', source: S3 },
  s3Put: { usd: 0.005e-3, of: 'PUT or LIST', source: S3 },
  s3Get: { usd: 0.0004e-3, of: 'GET, Standard', source: S3 },
  s3TransitionInfrequent: { usd: 0.01e-3, of: 'transition to Standard-IA', source: S3 },
  s3TransitionInstant: { usd: 0.02e-3, of: 'transition to Glacier Instant Retrieval', source: S3 },
  s3GetInstant: { usd: 0.01e-3, of: 'GET, Glacier Instant Retrieval', source: S3 },
  s3RetrieveInstant: { usd: 0.03, of: 'GB read, Glacier Instant Retrieval', source: S3 },
  athenaScan: {
    usd: 5,
    of: 'TB read, 10 MB a question at least',
    source: 'https://aws.amazon.com/athena/pricing/',
  },
  kmsKey: { usd: 1, of: 'key and month', source: KMS },
  kmsRequest: { usd: 0.03e-4, of: 'request, symmetric', source: KMS },
  kmsSign: { usd: 0.15e-4, of: 'signature', source: KMS },
  schedulerCall: { usd: 1e-6, of: 'call', source: 'https://aws.amazon.com/eventbridge/pricing/' },
  sqsRequest: { usd: 0.5e-6, of: 'request, FIFO', source: 'https://aws.amazon.com/sqs/pricing/' },
  metric: { usd: 0.3, of: 'metric and month', source: CLOUDWATCH },
  alarm: { usd: 0.1, of: 'metric of an alarm and month', source: CLOUDWATCH },
  dashboard: { usd: 3, of: 'dashboard and month', source: CLOUDWATCH },
  logs: { usd: 0.5, of: 'GB of log written', source: CLOUDWATCH },
  logStorage: { usd: 0.03, of: 'GB-month of log, compressed', source: CLOUDWATCH },
  secret: {
    usd: 0.4,
    of: 'secret and month',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  secretCall: {
    usd: 0.05e-4,
    of: 'call',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  apiRequest: {
    usd: 1e-6,
    of: 'request, HTTP API',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  dataOut: {
    usd: 0.09,
    of: 'GB to the internet',
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  },
} as const satisfies Readonly<Record<string, Price>>;

type PriceName = keyof typeof PRICES;

/** What is assumed of one foundation and of its use. Times are guesses on the safe side, bytes are measured. */
export const ASSUMED = {
  daysAMonth: 30,
  /** `npm run bench:day`. */
  bytesAnEvent: 93,
  /** Of them in columns other than `data` and `extra`. */
  shareWithoutJson: 0.26,
  /** Events in a row group. */
  rowGroup: 50_000,
  /** What Athena reads whole, whatever the columns. */
  wholeFileBytes: 3e6,
  /** Events that Cloud Controller hands out in a second; its database is the slow part. */
  eventsASecond: 2_500,
  /** Start, token, names, lists, of a function that stores a day. */
  secondsADay: 15,
  /** A day is read when it has closed, and once more before it leaves retention. */
  readsOfADay: 2,
  secondsToLookAtAllDays: 30,
  secondsToRollTheQueryLog: 5,
  secondsToSign: 30,
  secondsAQuestion: 4,
  /** Requests to S3 of a run that looks at all days of retention. */
  getsARun: 60,
  putsAndListsARun: 10,
  /** Part, manifest, report of the run, lists. */
  putsAndListsADay: 10,
  getsADay: 10,
  /** Coverage of every day stands in every digest. */
  digestBytesADay: 120,
  manifestBytes: 20_000,
  reportBytes: 15_000,
  logBytesAnInvocation: 5_000,
  answerBytes: 50_000,
  kmsRequestsAMonth: 10_000,
  questionsAMonth: 1_000,
  /** Lambda's pollers ask an empty queue three times a minute, each. */
  pollers: 5,
} as const;

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
export interface BillLine {
  readonly service: string;
  readonly what: string;
  readonly formula: string;
  readonly quantity: number;
  readonly price: PriceName;
}

export const costOf = ({ quantity, price }: Pick<BillLine, 'quantity' | 'price'>): number =>
  quantity * PRICES[price].usd;

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
export const foundationBill = (stack: StackFacts): Pick<BillLine, 'quantity' | 'price'>[] => [
  { price: 'metric', quantity: stack.metrics },
  { price: 'alarm', quantity: stack.foundationAlarmMetrics },
  { price: 'secret', quantity: 1 },
];

/** A question, as far as its price goes. */
export interface Question {
  readonly words: string;
  readonly days: number;
  /** Row groups of each day that it reads; undefined: all of them. */
  readonly rowGroups?: number;
  /** Whether it reads the columns with JSON, too. */
  readonly json: boolean;
  /** Whether its days are in Glacier Instant Retrieval. */
  readonly old: boolean;
}

const ONE_APP_ONE_MONTH: Question = {
  words: 'events of one app, one month',
  days: 30,
  rowGroups: 2,
  json: true,
  old: false,
};

export const QUESTIONS: readonly Question[] = [
  ONE_APP_ONE_MONTH,
  { ...ONE_APP_ONE_MONTH, words: 'the same, six years ago', old: true },
  {
    words: 'who did what in all spaces, one year, without `data`',
    days: 365,
    json: false,
    old: false,
  },
  { words: 'a word in `data`, one year', days: 365, json: true, old: false },
];

/** Bytes that Athena reads; small files are read whole. */
export function scannedBytes(eventsADay: number, { days, rowGroups, json }: Question): number {
  const whole = eventsADay * ASSUMED.bytesAnEvent;
  if (whole <= ASSUMED.wholeFileBytes) return days * whole;
  const rows = Math.min(eventsADay, (rowGroups ?? Number.POSITIVE_INFINITY) * ASSUMED.rowGroup);
  return days * rows * ASSUMED.bytesAnEvent * (json ? 1 : ASSUMED.shareWithoutJson);
}

/** What Athena and S3 ask for one question. */
export function questionCost(eventsADay: number, question: Question): number {
  const bytes = scannedBytes(eventsADay, question);
  const gets = question.days * 3;
  return [
    costOf({ price: 'athenaScan', quantity: Math.max(bytes, 10e6) / 1e12 }),
    costOf({ price: 's3Put', quantity: question.days }),
    costOf({ price: question.old ? 's3GetInstant' : 's3Get', quantity: gets }),
    question.old ? costOf({ price: 's3RetrieveInstant', quantity: bytes / 1e9 }) : 0,
  ].reduce((sum, usd) => sum + usd, 0);
}
