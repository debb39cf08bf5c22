import type { FoundationRequest } from './exchange.ts';
import { targetMatches } from './request-log.ts';

/** What can be wrong with one answer. The first group replaces the answer, the second spoils the real one on its way. */
export type Fault =
  /** 401 CF-InvalidAuthToken, as if the token had just expired (CC §9). */
  | { readonly kind: 'expired-token' }
  /** 429 of Cloud Controller: JSON sent as text/plain, with Retry-After (CC §10). */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds?: number }
  /** 429 of nginx: HTML, no Retry-After (CC §10). */
  | { readonly kind: 'nginx-rate-limited' }
  /** 500 UnknownError (CC §1.5). */
  | { readonly kind: 'unknown-error' }
  /** 502 of the router. */
  | { readonly kind: 'bad-gateway' }
  /** 502 whose body says CF-UaaUnavailable 20004 (CC §1.5). */
  | { readonly kind: 'uaa-unavailable' }
  /** 503 of Cloud Controller without its database, no Retry-After (CC §10). */
  | { readonly kind: 'database-lost' }
  /** 503 of nginx during backup and restore: text (CC §10). */
  | { readonly kind: 'maintenance' }
  /** 404 of the router when no Cloud Controller is registered (CC §10). */
  | { readonly kind: 'unknown-route' }
  | {
      readonly kind: 'replaced';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    }
  /** The connection is destroyed after this many bytes of the body (default: half); Content-Length promised all of it. */
  | { readonly kind: 'cut-body'; readonly afterBytes?: number }
  /** Valid HTTP, but only the first bytes of the body (default: half). */
  | { readonly kind: 'truncated-body'; readonly afterBytes?: number }
  /** The body comes in small pieces with a pause after each (real milliseconds). */
  | { readonly kind: 'slow-body'; readonly bytesPerPiece: number; readonly pauseMs: number }
  /** The connection is reset instead of an answer. */
  | { readonly kind: 'reset' }
  /** Nothing is answered until the client gives up or the foundation is closed. */
  | { readonly kind: 'no-answer' };

export interface FaultRule {
  /**
   * Which requests: a predicate, or a pattern looked for in `path?query` (as it came or percent-decoded) of both servers.
   * Default: every request to Cloud Controller.
   */
  readonly on?: string | RegExp | ((request: FoundationRequest) => boolean);
  /** How many matching requests go well first. Default 0. */
  readonly after?: number;
  /** How many matching requests fail then. Default: all, until the rule is removed. */
  readonly times?: number;
  readonly fault: Fault;
}

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
}

/** Switchable misbehaviour. Rules are tried in the order of adding; the first that applies decides. */
export class Faults {
  #rules: ActiveRule[] = [];

  /** @returns a function that removes the rule again */
  add(rule: FaultRule): () => void {
    const active: ActiveRule = { rule, seen: 0 };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== active);
    };
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for this request, if any. Counts the request against every rule up to the deciding one. */
  next(request: FoundationRequest): Fault | undefined {
    for (const active of this.#rules) {
      if (!matches(active.rule, request)) continue;
      const turn = active.seen++ - (active.rule.after ?? 0);
      if (turn >= 0 && turn < (active.rule.times ?? Number.POSITIVE_INFINITY)) {
        return active.rule.fault;
      }
    }
    return undefined;
  }
}

function matches({ on }: FaultRule, request: FoundationRequest): boolean {
  if (on === undefined) return request.server === 'api';
  return typeof on === 'function' ? on(request) : targetMatches(request, on);
}
