import type { Params } from '../../cloud-controller-api/query-string.ts';
import type { SimulatedClock } from '../clock.ts';
import type { FoundationDatabase } from '../database/foundation-database.ts';
import type { Answer } from '../http/exchange.ts';
import type { Uaa } from '../uaa/uaa.ts';
import type { BetweenCountAndRows } from './fetch/page.ts';
import type { Permissions } from './permissions.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** What Cloud Controller's routes work with. */
export interface CloudController {
  readonly database: FoundationDatabase;
  readonly clock: SimulatedClock;
  readonly uaa: Uaa;
  readonly rateLimiter: RateLimiter;
  /** The start of every href: Cloud Controller's configured external domain, whatever address was dialled (CC §1.7). */
  readonly externalUrl: () => string;
  readonly apiVersion: string;
  readonly maxTotalResults: number | undefined;
  readonly hooks: { betweenCountAndRows?: BetweenCountAndRows | undefined };
}

/** One authorized request of a v3 route. */
export interface V3Request {
  readonly cloudController: CloudController;
  readonly permissions: Permissions;
  readonly query: Params;
  /** The path parameter, percent-decoded; empty for lists. */
  readonly guid: string;
}

export type V3Route = (request: V3Request) => Promise<Answer> | Answer;
