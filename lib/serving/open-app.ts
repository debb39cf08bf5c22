import type { Hono } from 'hono';
import type { Configuration } from '../config/configuration.ts';
import { resolveSecret } from '../config/secrets.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { createApp } from '../http/app.ts';
import type { ExportPlace, HttpPorts } from '../http/ports.ts';
import type { QueryEngine } from '../query/ports.ts';
import { createQueryLog } from '../query-log/log-questions.ts';
import { TOOL } from '../version.ts';
import { seesAll } from '../visibility/visibility-of.ts';
import { createArchiveNow } from './archive-now.ts';
import { openSites } from './open-sites.ts';

export interface ServingOptions extends Pick<HttpPorts, 'queries' | 'writeFile' | 'timeLeftMs'> {
  readonly configuration: Configuration;
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly now: () => Date;
  /** For where the configuration names no key for cursors. */
  readonly machineCursorKey: () => Promise<Uint8Array>;
  /** Undefined: any. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Length of an answer that can be sent; undefined: any. */
  readonly maxAnswerBytes?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of faults of this program, and of questions that are not on record although that is not required. */
  readonly onFault: (error: unknown) => void;
}

/** The HTTP application over a configured archive. @returns it, and what to call when it serves no more */
export async function openApp(
  options: ServingOptions,
): Promise<{ readonly app: Hono; readonly close: () => Promise<void> }> {
  const { configuration, store, engine, queries, writeFile, now, allowedHosts, onFault } = options;
  const { http } = configuration;
  const { sites, close } = openSites(configuration);
  const app = createApp(
    {
      sites,
      now,
      archive: createArchiveNow({
        configuration,
        store,
        engine,
        now,
        cursorKey: cursorKey(options),
      }),
      log: queryLog(options),
      queries,
      writeFile,
      timeLeftMs: options.timeLeftMs,
      exports:
        http.exportBucket === undefined ? undefined : await openExports(http.exportBucket, options),
      onFault,
    },
    { ...http, allowedHosts, maxAnswerBytes: options.maxAnswerBytes },
  );
  return { app, close };
}

/** After so long a rotated key is found, also where a process lives for days. */
const KEY_AGE_MS = 5 * 60_000;

/** 32 bytes, whatever the secret is. */
function cursorKey({ configuration, machineCursorKey }: ServingOptions): () => Promise<Uint8Array> {
  const { cursorKey: secret } = configuration.http;
  const read = async (): Promise<Uint8Array> => {
    if (secret === undefined) return machineCursorKey();
    const text = await resolveSecret(secret, 'http.cursor_key');
    return new Uint8Array(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`cursor-key\n${text}`)),
    );
  };
  let held: { readonly key: Promise<Uint8Array>; readonly at: number } | undefined;
  return () => {
    if (held !== undefined && performance.now() - held.at < KEY_AGE_MS) return held.key;
    const reading = { key: read(), at: performance.now() };
    held = reading;
    reading.key.catch(() => {
      if (held === reading) held = undefined;
    });
    return reading.key;
  };
}

function queryLog({ configuration, store, now, onFault }: ServingOptions): HttpPorts['log'] {
  const { queryLog: wanted } = configuration.http;
  if (wanted === 'off') return async () => undefined;
  const log = createQueryLog({ store, seesAll, now, tool: TOOL });
  return wanted === 'required' ? log : (question) => log(question).catch(onFault);
}

/** Loaded when it is asked, as every SDK. */
async function openExports(bucket: string, { environment }: ServingOptions): Promise<ExportPlace> {
  const [{ createS3Client }, { s3Exports }] = await Promise.all([
    import('../store/s3-client.ts'),
    import('../store/s3-exports.ts'),
  ]);
  return s3Exports(createS3Client(environment), bucket);
}
