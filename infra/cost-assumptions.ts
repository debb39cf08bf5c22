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

export type PriceName = keyof typeof PRICES;

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

/** So much of something that has a price. */
export interface Amount {
  readonly quantity: number;
  readonly price: PriceName;
}

/** US dollars. */
export const costOf = ({ quantity, price }: Amount): number => quantity * PRICES[price].usd;
