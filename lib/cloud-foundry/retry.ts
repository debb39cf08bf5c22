import { setTimeout as delay } from 'node:timers/promises';
import { ArchiveError } from '../domain/errors.ts';

/** How long and how often a request is tried again. Time and chance come in, so that tests have neither. */
export interface RetryPolicy {
  /** Requests in all, the first one included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** `[0, 1)` */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of real time that the run has left; Infinity without a limit. */
  readonly remainingMs: () => number;
}

/** The longest that a timer of Node can wait; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  random: Math.random,
  sleep: async (ms) => {
    await delay(Math.min(ms, LONGEST_TIMER_MS));
  },
  remainingMs: () => Number.POSITIVE_INFINITY,
};

/** How one attempt ended. */
export type Attempt<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** Asking again does not help. */
  | { readonly kind: 'final'; readonly error: ArchiveError }
  | {
      readonly kind: 'transient';
      readonly error: ArchiveError;
      /** What the other side asked us to wait. */
      readonly retryAfterMs?: number | undefined;
    };

/**
 * Try until an attempt is answered, fails for good, or is the last one.
 *
 * @param attempt - is given a signal that ends it when the run's time is over; what it throws is not tried again
 * @throws ArchiveError of the last attempt, or DEADLINE_REACHED when the run would end first
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: (deadline: AbortSignal | undefined) => Promise<Attempt<T>>,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    const deadline = deadlineOf(policy);
    const outcome = await attempt(deadline);
    if (outcome.kind === 'answered') return outcome.value;
    if (deadline?.aborted) throw deadlineReached(outcome.error.message);
    if (outcome.kind === 'final' || count >= policy.attempts) throw outcome.error;
    const { retryAfterMs, error } = outcome;
    await waitFor(
      // All who were told to wait come back at the same moment: a little jitter parts them.
      retryAfterMs === undefined ? backOffMs(count, policy) : retryAfterMs + backOffMs(1, policy),
      error.message,
      policy,
    );
  }
}

const deadlineReached = (why: string): ArchiveError =>
  new ArchiveError('DEADLINE_REACHED', `this run has no time left (${why}); the next run goes on`);

/** Undefined without a limit. */
function deadlineOf({ remainingMs }: RetryPolicy): AbortSignal | undefined {
  const remaining = remainingMs();
  if (remaining <= 0) throw deadlineReached('before the next request');
  return remaining > LONGEST_TIMER_MS ? undefined : AbortSignal.timeout(Math.ceil(remaining));
}

/**
 * Exponential back-off with full jitter.
 * @param attempt - from 1: the attempt that failed
 */
export function backOffMs(attempt: number, policy: RetryPolicy): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(ceiling * policy.random());
}

/** An HTTP date of any of the three forms, all of which begin with the name of a day. */
const HTTP_DATE = /^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

const instantOf = (httpDate: string | undefined): number | undefined => {
  if (httpDate === undefined || !HTTP_DATE.test(httpDate)) return undefined;
  const instant = Date.parse(httpDate);
  return Number.isNaN(instant) ? undefined : instant;
};

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * An answer's `Retry-After` in milliseconds: whole seconds or an HTTP date (RFC 9110 §10.2.3). Undefined when absent or not understood.
 *
 * A date is measured by the answer's own `Date`, because the two clocks may differ; by `now` when it has none.
 */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const text = headerOf(headers, 'retry-after');
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000;
  const until = instantOf(text);
  if (until === undefined) return undefined;
  return Math.max(0, until - (instantOf(headerOf(headers, 'date')) ?? now.getTime()));
}

async function waitFor(ms: number, why: string, policy: RetryPolicy): Promise<void> {
  if (ms >= policy.remainingMs()) {
    throw new ArchiveError(
      'DEADLINE_REACHED',
      `${why}: waiting ${Math.ceil(ms / 1000)} s would outlast this run; the next run tries again`,
    );
  }
  await policy.sleep(ms);
}
