import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { limitConcurrency } from '../domain/limiter.ts';
import { sqlPath } from '../duckdb/open-duckdb.ts';
import type { ListedPart } from '../query/ports.ts';
import { fingerprintPages, hasFingerprint, PAGE_BYTES } from './fingerprint-pages.ts';

/** 32 bits of a GUID, whatever text it is, as the database makes them of both what is stored and what is asked. */
const FINGERPRINT = '(md5_number_upper(guid) >> 32)::UINTEGER';

/** Files written at once; each takes one of the database's threads. */
const WRITERS = 2;

export interface GuidIndexOptions {
  /** The index's own, of one archive; made when absent. That it cannot be written costs time, and nothing else. */
  readonly directory: string;
  readonly instance: DuckDBInstance;
  /** Path of a local copy of a part; undefined when the archive has it no more. */
  readonly localPart: (part: ListedPart) => Promise<string | undefined>;
}

/**
 * Which parts may hold an event with a certain GUID.
 *
 * GUIDs lie in a part in no order, so only reading all of them tells. What was read is kept: beside each part's key a file with
 * the sorted fingerprints of its GUIDs, 4 bytes an event, written when first needed. Parts never change, so the file stays true;
 * one that is damaged or of another part is written anew. Two GUIDs may share a fingerprint: then a part is read in vain.
 */
export class GuidIndex {
  readonly #options: GuidIndexOptions;

  constructor(options: GuidIndexOptions) {
    this.#options = options;
  }

  /**
   * Those of the parts that may hold one of the GUIDs: perhaps one too many, never one too few.
   *
   * @throws what `localPart` throws; the signal's reason
   */
  async narrow(
    parts: readonly ListedPart[],
    guids: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ListedPart[]> {
    const wanted = await this.#fingerprintsOf(guids);
    const known = new Map(parts.map((part) => [part, this.#mayHold(part, wanted)]));
    await this.#write(
      parts.filter((part) => known.get(part) === undefined),
      signal,
    );
    return parts.filter((part) => known.get(part) ?? this.#mayHold(part, wanted) ?? true);
  }

  async #fingerprintsOf(guids: readonly string[]): Promise<number[]> {
    const connection = await this.#options.instance.connect();
    try {
      const rows = guids.map(() => '(?)').join(', ');
      const sql = `SELECT ${FINGERPRINT} FROM (VALUES ${rows}) AS asked(guid)`;
      const result = await connection.runAndReadAll(sql, [...guids]);
      return result.getRows().map(([fingerprint]) => Number(fingerprint));
    } finally {
      connection.closeSync();
    }
  }

  #fileOf({ key }: ListedPart): string {
    return join(this.#options.directory, `${key}.guids`);
  }

  /** Undefined: there is no file, or none that can be trusted. */
  #mayHold(part: ListedPart, wanted: readonly number[]): boolean | undefined {
    const set = nameOf(part);
    return withFile(this.#fileOf(part), (file) => {
      const held = wanted.map((fingerprint) => hasFingerprint(file, set, fingerprint));
      return held.includes(undefined) ? undefined : held.includes(true);
    });
  }

  async #write(parts: readonly ListedPart[], signal: AbortSignal | undefined): Promise<void> {
    const copies = await Promise.all(parts.map((part) => this.#options.localPart(part)));
    const writing = limitConcurrency(WRITERS);
    let isWritable = true;
    await Promise.all(
      parts.map((part, index) =>
        writing(async () => {
          const copy = copies[index];
          if (copy === undefined || !isWritable || signal?.aborted) return;
          if (!(await this.#writeFile(part, copy))) isWritable = false;
        }),
      ),
    );
    signal?.throwIfAborted();
  }

  /**
   * Whole or not at all. A part that cannot be read gets no file: asking it will say what is wrong with it.
   *
   * @returns whether files can be written at all
   */
  async #writeFile(part: ListedPart, copy: string): Promise<boolean> {
    const path = this.#fileOf(part);
    const temporary = `${path}.${randomUUID()}`;
    const file = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      .then(() => open(temporary, 'wx', 0o600))
      .catch(() => undefined);
    if (file === undefined) return false;
    const connection = await this.#options.instance.connect();
    try {
      await file.writeFile(fingerprintPages(nameOf(part), storedFingerprints(connection, copy)));
      await rename(temporary, path);
    } catch {
      await unlink(temporary).catch(() => undefined);
    } finally {
      connection.closeSync();
      await file.close();
    }
    return true;
  }
}

/** The same for the same bytes only: an archive may have been made anew in the same place. */
const nameOf = ({ key, bytes, modifiedAt }: ListedPart): string =>
  `guids of ${key}, ${bytes} bytes of ${modifiedAt.toISOString()}`;

/** Synchronous: these are reads of a page from hundreds of local files, and each promise would take ten times as long as its read. */
function withFile<T>(
  path: string,
  use: (file: { bytes: number; read: (at: number) => Buffer }) => T,
): T | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    const file = handle;
    return use({
      bytes: fstatSync(file).size,
      read: (at) => {
        const page = Buffer.alloc(PAGE_BYTES);
        return page.subarray(0, readSync(file, page, 0, PAGE_BYTES, at));
      },
    });
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

async function* storedFingerprints(
  connection: DuckDBConnection,
  copy: string,
): AsyncGenerator<number[]> {
  const result = await connection.stream(
    `SELECT ${FINGERPRINT} AS fingerprint FROM read_parquet(${sqlPath(copy)}, hive_partitioning = false) ORDER BY fingerprint`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getColumnValues(0).map(Number);
  }
}
