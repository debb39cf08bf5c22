import { apiError } from '../../cloud-controller-api/api-error.ts';
import type { SimulatedClock } from '../clock.ts';
import { type Answer, textAnswer } from '../http/exchange.ts';
import { errorAnswer } from './error-answer.ts';
import type { Authentication } from './requester.ts';

export interface RateLimit {
  /** Requests of one user or client in an interval. Default 2000. */
  readonly generalLimit?: number;
  /** Requests without a valid token. Default 100. */
  readonly unauthenticatedLimit?: number;
  /** For admin and admin_read_only. Default: no limit. */
  readonly adminLimit?: number;
  /** Default 60. By the simulated clock. */
  readonly resetIntervalMinutes?: number;
}

export interface RateLimitVerdict {
  /** To be put on the answer. */
  readonly headers: Record<string, string>;
  /** Given when the limit is exceeded. */
  readonly refusal?: Answer;
}

interface Counter {
  requests: number;
  readonly expiresAtSeconds: number;
}

/** Paths that are not counted, compared with path and query together as Cloud Controller does. */
const UNCOUNTED = /^(?:\/v2\/info|\/v3|\/|\/healthz)$|^\/internal/;

/** Cloud Controller's rate limiter, off unless configured (CC §10). One instance, so the limit is not divided. */
export class RateLimiter {
  readonly #limit: RateLimit | undefined;
  readonly #clock: SimulatedClock;
  readonly #counters = new Map<string, Counter>();

  constructor(limit: RateLimit | undefined, clock: SimulatedClock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** What `/v3/info` tells about it. */
  get settings() {
    if (this.#limit === undefined) return { enabled: false, limit: '', intervalMinutes: '' };
    return { enabled: true, limit: this.#general, intervalMinutes: this.#intervalMinutes };
  }

  count(target: string, authentication: Authentication): RateLimitVerdict {
    const limit = this.#limitOf(authentication);
    if (this.#limit === undefined || limit < 0 || UNCOUNTED.test(target)) return { headers: {} };
    const counter = this.#increment(userOf(authentication));
    const expiresIn = counter.expiresAtSeconds - this.#nowSeconds();
    const headers = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Reset': String(counter.expiresAtSeconds),
      'X-RateLimit-Remaining': String(estimateRemaining(limit, counter.requests)),
    };
    if (counter.requests <= limit) return { headers };
    return { headers, refusal: refusalOf(authentication, expiresIn) };
  }

  get #general(): number {
    return this.#limit?.generalLimit ?? 2000;
  }

  get #intervalMinutes(): number {
    return this.#limit?.resetIntervalMinutes ?? 60;
  }

  #limitOf(authentication: Authentication): number {
    if (typeof authentication === 'string') return this.#limit?.unauthenticatedLimit ?? 100;
    const isAdmin = authentication.isAdmin || authentication.isAdminReadOnly;
    return isAdmin ? (this.#limit?.adminLimit ?? -1) : this.#general;
  }

  #increment(user: string): Counter {
    const known = this.#counters.get(user);
    const counter =
      known !== undefined && known.expiresAtSeconds > this.#nowSeconds()
        ? known
        : { requests: 0, expiresAtSeconds: this.#nowSeconds() + this.#intervalMinutes * 60 };
    counter.requests++;
    this.#counters.set(user, counter);
    return counter;
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now().getTime() / 1000);
  }
}

/** All without a valid token count by their IP address, which here is one. */
function userOf(authentication: Authentication): string {
  return typeof authentication === 'string' ? '127.0.0.1' : `user ${authentication.userGuid}`;
}

/** In tenths of the limit. */
function estimateRemaining(limit: number, requests: number): number {
  if (limit <= 0) return 0;
  return Math.max(0, Math.floor((Math.floor(((limit - requests) / limit) * 10) / 10) * limit));
}

/** A bad token wins over the limit (CC §9). */
function refusalOf(authentication: Authentication, retryAfterSeconds: number): Answer {
  if (authentication === 'invalid') return errorAnswer(apiError('InvalidAuthToken'));
  const name = authentication === 'missing' ? 'IPBasedRateLimitExceeded' : 'RateLimitExceeded';
  const { status, body } = errorAnswer(apiError(name));
  return textAnswer(status, String(body), { 'Retry-After': String(retryAfterSeconds) });
}
