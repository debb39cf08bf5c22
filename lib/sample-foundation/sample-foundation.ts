import { SimulatedClock } from './clock.ts';
import type { CloudController } from './cloud-controller/context.ts';
import { type RateLimit, RateLimiter } from './cloud-controller/rate-limiter.ts';
import { answerCloudController } from './cloud-controller/router.ts';
import type { Precision } from './database/event-rows.ts';
import { FoundationDatabase } from './database/foundation-database.ts';
import { EventsCleanup } from './events-cleanup.ts';
import { Faults } from './http/faults.ts';
import { startLoopbackServer } from './http/loopback-server.ts';
import { RequestLog } from './http/request-log.ts';
import type { FoundationRecords } from './records.ts';
import { answerUaa } from './uaa/routes.ts';
import { SigningKeys } from './uaa/signing-keys.ts';
import { Uaa } from './uaa/uaa.ts';

export interface SampleFoundationOptions {
  /** Default: nothing but `ARCHIVER_CLIENT`. */
  readonly records?: FoundationRecords;
  /** Where the simulated clock starts. */
  readonly now: Date;
  /** Age at which the daily clean-up deletes events. Default 31. */
  readonly retentionDays?: number;
  /** `microseconds` (PostgreSQL, the default) or `whole-seconds` (MySQL). */
  readonly precision?: Precision;
  /** Default `:memory:`. A file that already holds records keeps them. */
  readonly databaseFile?: string;
  /** Cloud Controller's `renderer.max_total_results`. Default: not set. */
  readonly maxTotalResults?: number;
  /** What all hrefs start with, such as `https://api.example.org`. Default: the loopback URL. */
  readonly externalUrl?: string;
  /** The v3 API version that the root document tells. It changes no behaviour. Default 3.228.0. */
  readonly apiVersion?: string;
  /** Of access tokens, in real seconds. Default 1200. */
  readonly tokenLifetimeSeconds?: number;
  /** Of the API; 0, the default: any free port. */
  readonly port?: number;
  /** Given: Cloud Controller's rate limiter is on. */
  readonly rateLimit?: RateLimit;
}

export interface SampleFoundation {
  /** Cloud Controller, `http://127.0.0.1:<port>`. */
  readonly apiUrl: string;
  /** UAA and its login server, which are one here. */
  readonly uaaUrl: string;
  readonly clock: SimulatedClock;
  readonly database: FoundationDatabase;
  readonly cleanup: EventsCleanup;
  readonly faults: Faults;
  /** Requests to both servers. */
  readonly requests: RequestLog;
  readonly uaa: Uaa;
  /** Places where a test may step in. */
  readonly hooks: CloudController['hooks'];
  /** Cloud Controller stops listening ("connection refused") and listens again on the same port. */
  readonly listener: { refuse(): Promise<void>; accept(): Promise<void> };
  close(): Promise<void>;
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The client that an archiver uses, as a foundation's operator would set it up (CC §9). */
export const ARCHIVER_CLIENT = {
  id: 'audit-archive',
  secret: 'audit-archive-secret',
  authorities: ['cloud_controller.admin_read_only'],
} as const;

const NO_RECORDS: FoundationRecords = {
  organizations: [],
  spaces: [],
  apps: [],
  users: [],
  roles: [],
  tasks: [],
  clients: [ARCHIVER_CLIENT],
  events: [],
};

/** Start a Cloud Foundry of two loopback servers over one database: UAA, and Cloud Controller's side of audit events. */
export async function startSampleFoundation(
  options: SampleFoundationOptions,
): Promise<SampleFoundation> {
  const clock = new SimulatedClock(options.now);
  const database = new FoundationDatabase(
    options.databaseFile ?? ':memory:',
    clock,
    options.precision ?? 'microseconds',
  );
  database.insert(options.records ?? NO_RECORDS);
  const cleanup = new EventsCleanup(database, clock, options.retentionDays ?? 31);
  const faults = new Faults();
  const requests = new RequestLog();
  const shared = { faults, requests, now: () => clock.now() };

  const uaa = new Uaa({
    database,
    keys: await SigningKeys.create(),
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 1200,
    refreshTokenLifetimeSeconds: 2_592_000,
    url: () => uaaServer.url,
  });
  const cloudController: CloudController = {
    database,
    clock,
    uaa,
    rateLimiter: new RateLimiter(options.rateLimit, clock),
    externalUrl: () => options.externalUrl ?? apiServer.url,
    apiVersion: options.apiVersion ?? '3.228.0',
    maxTotalResults: options.maxTotalResults,
    hooks: {},
  };
  const uaaServer = await startLoopbackServer({
    ...shared,
    name: 'uaa',
    port: 0,
    answer: (request) => answerUaa(uaa, request),
  });
  const apiServer = await startLoopbackServer({
    ...shared,
    name: 'api',
    port: options.port ?? 0,
    answer: (request) => answerCloudController(cloudController, request),
  });

  const close = async () => {
    await Promise.all([apiServer.close(), uaaServer.close()]);
    database.close();
  };
  return {
    apiUrl: apiServer.url,
    uaaUrl: uaaServer.url,
    clock,
    database,
    cleanup,
    faults,
    requests,
    uaa,
    hooks: cloudController.hooks,
    listener: { refuse: () => apiServer.refuse(), accept: () => apiServer.accept() },
    close,
    [Symbol.asyncDispose]: close,
  };
}
