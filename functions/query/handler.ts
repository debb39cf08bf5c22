import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import middy from '@middy/core';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { parseConfiguration } from '../../lib/config/read-configuration.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { openApp } from '../../lib/serving/open-app.ts';
import { openObjectStore } from '../../lib/store/open-object-store.ts';

/** All that a Lambda function may write to. */
const TEMPORARY = '/tmp/cf-audit-archive';

/** Lambda sends 6 MB at most, in JSON, where text grows by its escapes. */
const MAX_ANSWER_BYTES = 4_000_000;

const VARIABLE = 'CF_AUDIT_ARCHIVE_CONFIGURATION';

const configuration = parseConfiguration(process.env[VARIABLE] ?? '', VARIABLE, TEMPORARY);
const { identity, cursorKey } = configuration.http;
if (identity === 'none') {
  throw new ArchiveError(
    'CONFIG_INVALID',
    `${VARIABLE}: http.identity must be uaa: whoever reaches a function would see everything`,
  );
}
if (cursorKey === undefined) {
  throw new ArchiveError(
    'CONFIG_INVALID',
    `${VARIABLE}: http.cursor_key is missing: the next page may be asked of another instance`,
  );
}
const folder = async (name: string): Promise<string> => {
  const path = join(TEMPORARY, name);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
};
const { app } = await openApp({
  configuration,
  store: await openObjectStore(configuration.archiveUrl, process.env),
  folders: {
    workDirectory: await folder('work'),
    partsDirectory: () => folder('parts'),
    guidIndexDirectory: join(TEMPORARY, 'guids'),
  },
  now: () => new Date(),
  machineCursorKey: () => Promise.reject(new Error('http.cursor_key is there')),
  allowedHosts: undefined,
  maxAnswerBytes: MAX_ANSWER_BYTES,
  environment: process.env,
  onFault: (error) => {
    const { name, message } = Object(error);
    process.stderr.write(`${JSON.stringify({ level: 'error', name, message })}\n`);
  },
});

/** Questions over HTTP, of API Gateway's HTTP API or of a function URL. */
export const handler = middy<LambdaEvent>().handler(handle(app));
