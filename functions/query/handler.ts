import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import {
  CONFIGURATION_VARIABLE,
  FUNCTION_FOLDER,
  functionConfiguration,
} from '../../lib/config/function-environment.ts';
import { ENDING_MS } from '../../lib/config/query-function-time.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { HyparquetQuestionFiles } from '../../lib/parquet/question-files.ts';
import { openApp } from '../../lib/serving/open-app.ts';
import { openAthena } from '../../lib/serving/open-athena.ts';
import { openQueryLog } from '../../lib/serving/open-query-log.ts';
import { fileWriter } from '../../lib/serving/write-file.ts';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import {
  createFunctionLog,
  errorFacts,
  LOG_CONTEXT,
  putMetrics,
} from '../../lib/telemetry/function-log.ts';

/** Lambda sends 6,291,556 bytes at most, headers and all. In base64 an answer is a third longer, whatever is in it. */
const MAX_ANSWER_BYTES = 4_000_000;

/** What API Gateway's HTTP API sends, or a function URL (payload 2.0). */
type HttpApiEvent = Extract<LambdaEvent, { readonly rawPath: string }>;

/** A body is read by nobody, and a request by GET or HEAD cannot be made with one: of a body its length is left, which has a limit. */
const withoutBody = (event: HttpApiEvent): HttpApiEvent => {
  const { body, isBase64Encoded, headers } = event;
  if (!body) return event;
  const length = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  return { ...event, body: null, headers: { ...headers, 'content-length': String(length) } };
};

/** Lambda ends a function at its timeout whatever it is at: questions are over before that. */
const timeLeftMs = (host: unknown): number => {
  const { lambdaContext } = host as { readonly lambdaContext: LambdaContext };
  return lambdaContext.getRemainingTimeInMillis() - ENDING_MS;
};

const refuse = (problem: string): ArchiveError =>
  new ArchiveError('CONFIG_INVALID', `${CONFIGURATION_VARIABLE}: ${problem}`);

const log = createFunctionLog('query');
const configuration = functionConfiguration(process.env);
const { engine } = configuration;
const { identity, cursorKey } = configuration.http;
if (engine.kind !== 'athena') throw refuse('engine must be athena: a function carries no database');
if (identity === 'none') {
  throw refuse('http.identity must be uaa: whoever reaches a function would see everything');
}
if (cursorKey === undefined) {
  throw refuse('http.cursor_key is missing: the next page may be asked of another instance');
}
const workDirectory = join(FUNCTION_FOLDER, 'work');
await mkdir(workDirectory, { recursive: true, mode: 0o700 });
const store = await openObjectStore(configuration.archiveUrl, process.env);
const now = () => new Date();
const { app } = await openApp({
  configuration,
  store,
  engine: openAthena({
    ...engine,
    onEnded: ({ foundations, scannedBytes, cutOff }) => {
      for (const foundation of foundations) {
        putMetrics('query', foundation, {
          BytesScanned: scannedBytes,
          AthenaCutoffs: cutOff ? 1 : 0,
        });
      }
    },
  }),
  queries: openQueryLog(store, workDirectory, now, async () => new HyparquetQuestionFiles()),
  writeFile: fileWriter(workDirectory, undefined),
  now,
  machineCursorKey: () => Promise.reject(new Error('http.cursor_key is there')),
  allowedHosts: undefined,
  maxAnswerBytes: MAX_ANSWER_BYTES,
  timeLeftMs,
  environment: process.env,
  onFault: (error) => log.error('fault', { error: errorFacts(error) }),
});

/** As text an answer would become JSON in JSON, and grow with its quotes and backslashes. */
const answer = handle(app, { isContentTypeBinary: () => true });

/** Questions over HTTP. */
export const handler = middy<HttpApiEvent>()
  .use(injectLambdaContext(log, LOG_CONTEXT))
  .handler((event, context) => answer(withoutBody(event), context));
