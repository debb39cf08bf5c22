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

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  random: Math.random,
  sleep: async (ms) => {
    await delay(ms);
  },
  remainingMs: () => Number.POSITIVE_INFINITY,
};

/**
 * Exponential back-off with full jitter.
 * @param attempt - from 1: the attempt that failed
 */
export function backOffMs(attempt: number, policy: RetryPolicy): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.round(ceiling * policy.random());
}

/**
 * `Retry-After` in milliseconds: whole seconds or an HTTP date (RFC 9110 §10.2.3). Undefined when absent or not understood.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/**
 * Wait before the next attempt.
 * @throws ArchiveError DEADLINE_REACHED when the run would end first
 */
export async function waitFor(ms: number, why: string, policy: RetryPolicy): Promise<void> {
  if (ms >= policy.remainingMs()) {
    throw new ArchiveError(
      'DEADLINE_REACHED',
      `${why}: waiting ${Math.ceil(ms / 1000)} s would outlast this run; the next run tries again`,
    );
  }
  await policy.sleep(ms);
}
