import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { openCoverage } from '../../../lib/digest/open-coverage.ts';
import { SEES_ALL } from '../../../lib/domain/visibility.ts';
import { DuckDBEngine } from '../../../lib/engine/duckdb-engine.ts';
import { createApp } from '../../../lib/http/app.ts';
import type { HttpOptions, HttpPorts, Site } from '../../../lib/http/ports.ts';
import type { Caller } from '../../../lib/identity/caller.ts';
import { DuckDBQuestionDays } from '../../../lib/parquet/question-days.ts';
import type { AskedQuestion } from '../../../lib/query-log/ports.ts';
import type { EventRecord } from '../../../lib/sample-foundation/records.ts';
import type { SampleFoundationOptions } from '../../../lib/sample-foundation/sample-foundation.ts';
import { openQueryLog } from '../../../lib/serving/open-query-log.ts';
import { fileWriter } from '../../../lib/serving/write-file.ts';
import { writeParquet } from '../../../lib/serving/write-parquet.ts';
import { partCache } from '../../../lib/store/part-cache.ts';
import { rememberedListing } from '../../../lib/store/remembered-listing.ts';
import { type ArchiveRig, anArchiveRig, FOUNDATION, POLICY } from '../archive/archive-rig.ts';

export const API = 'http://archive.example.org';

export const ANN: Caller = {
  userGuid: 'user-ann',
  userName: 'ann',
  clientId: 'cf',
  scopes: ['cloud_controller.admin_read_only'],
  token: 'the-token-of-ann',
};

/** The HTTP application over an archive of what a sample foundation holds, without a network in between. */
export interface HttpRig extends ArchiveRig {
  readonly app: Hono;
  readonly archive: HttpPorts['archive'];
  /** What was put on record. */
  readonly questions: AskedQuestion[];
  readonly faults: unknown[];
  /** A path with its query, as it stands. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  json(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Another application over the same archive. */
  another(ports: Partial<HttpPorts>, options?: Partial<HttpOptions>): Hono;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind are read here
  readonly body: any;
}

export const OPTIONS: HttpOptions = {
  url: API,
  allowedHosts: undefined,
  corsOrigins: [],
  questionsPerUser: 4,
  questionsPerHour: undefined,
  timeoutMs: 60_000,
  exportTimeoutMs: 60_000,
  maxRangeMs: undefined,
  maxAnswerBytes: undefined,
  maxPageBytes: undefined,
  dailyScanBytes: undefined,
};

export const aSite = (over: Partial<Site> = {}): Site => ({
  name: FOUNDATION,
  host: undefined,
  identify: async () => ANN,
  visibility: async () => SEES_ALL,
  links: async () => ({
    uaa: 'https://uaa.example.org',
    login: 'https://login.example.org',
    version: '3.228.0',
  }),
  ...over,
});

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

export async function anHttpRig(
  options: Partial<SampleFoundationOptions> & { readonly events?: Iterable<EventRecord> } = {},
): Promise<HttpRig> {
  const rig = await anArchiveRig(options);
  await rig.run();
  const work = await mkdtemp(join(tmpdir(), 'http-rig-'));
  const engine = await DuckDBEngine.open({
    workDirectory: work,
    localPart: partCache(rig.store, work),
    guidIndexDirectory: join(work, 'guids'),
  });
  const now = () => rig.sample.clock.now();
  const store = rememberedListing(rig.store);
  const coverage = openCoverage(store, new Map([[FOUNDATION, POLICY]]), now());
  const questions: AskedQuestion[] = [];
  const faults: unknown[] = [];
  const ports: HttpPorts = {
    sites: [aSite()],
    now,
    archive: () => ({
      store,
      engine,
      coverage,
      cursorKey: async () => new Uint8Array(32),
      maxScanBytes: undefined,
    }),
    log: async (question) => {
      questions.push(question);
    },
    queries: openQueryLog(rig.store, work, now, async (spill) => new DuckDBQuestionDays(spill)),
    writeFile: fileWriter(work, writeParquet),
    onFault: (error) => {
      faults.push(error);
    },
  };
  const app = createApp(ports, OPTIONS);
  const get: HttpRig['get'] = async (path, headers = {}) =>
    app.request(new Request(`${API}${path}`, { headers }));
  return {
    ...rig,
    app,
    archive: ports.archive,
    questions,
    faults,
    get,
    json: async (path, headers) => answerOf(await get(path, headers)),
    another: (over, changed = {}) => createApp({ ...ports, ...over }, { ...OPTIONS, ...changed }),
    async close() {
      engine.close();
      await rm(work, { recursive: true, force: true });
      await rig.close();
    },
  };
}
