import { ASSUMED, costOf } from './cost-assumptions.ts';

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

export const ONE_APP_ONE_MONTH: Question = {
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
