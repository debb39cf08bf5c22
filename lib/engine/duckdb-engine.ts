import { join } from 'node:path';
import type { DuckDBInstance, JS } from '@duckdb/node-api';
import { COLUMNS, type EventRow } from '../domain/columns.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { Visibility } from '../domain/visibility.ts';
import { openDuckDB, sqlPath, toDuckDBValue } from '../duckdb/open-duckdb.ts';
import { partitionedFiles } from '../duckdb/partitioned-files.ts';
import type {
  EngineGroups,
  EngineRows,
  EventGroup,
  GroupColumn,
  GroupsWanted,
  ListedPart,
  QueryEngine,
  RowsWanted,
} from '../query/ports.ts';
import { compileGroups } from './compile-groups.ts';
import { type CompiledQuery, compileQuery } from './compile-query.ts';
import { duckDBWildcard } from './conditions.ts';
import { growingGroups, inWindows } from './growing-groups.ts';
import { GuidIndex } from './guid-index.ts';
import { partitionsOf } from './partitions.ts';

export interface DuckDBEngineOptions {
  /** For what does not fit into memory. */
  readonly workDirectory: string;
  /** Path of a local copy of a part, below `foundation=<f>/dt=<day>/`; undefined when the archive has it no more. */
  readonly localPart: (part: ListedPart) => Promise<string | undefined>;
  /** Where it is kept which part holds which GUIDs, for one archive; undefined: events by GUID are looked for in every part. */
  readonly guidIndexDirectory?: string;
}

/** Parts fetched at once. */
const FETCHES = 8;

/** The embedded engine: DuckDB over local copies of parts. */
export class DuckDBEngine implements QueryEngine {
  readonly #instance: DuckDBInstance;
  readonly #localPart: DuckDBEngineOptions['localPart'];
  readonly #guidIndex: GuidIndex | undefined;

  private constructor(instance: DuckDBInstance, options: DuckDBEngineOptions) {
    const { guidIndexDirectory: directory } = options;
    const fetching = limitConcurrency(FETCHES);
    const localPart = (part: ListedPart) => fetching(() => options.localPart(part));
    this.#instance = instance;
    this.#localPart = localPart;
    this.#guidIndex =
      directory === undefined ? undefined : new GuidIndex({ directory, instance, localPart });
  }

  static async open(options: DuckDBEngineOptions): Promise<DuckDBEngine> {
    const instance = await openDuckDB({
      tempDirectory: join(options.workDirectory, 'spill'),
      memoryLimit: '512MB',
    });
    const connection = await instance.connect();
    // Parts never change, so what is known of their footers stays true.
    await connection.run('SET parquet_metadata_cache = true');
    connection.closeSync();
    return new DuckDBEngine(instance, options);
  }

  close(): void {
    this.#instance.closeSync();
  }

  rows(query: EventQuery, parts: readonly ListedPart[], wanted: RowsWanted): EngineRows {
    const asked = new Set<ListedPart>();
    return {
      batches: this.#batches(query, parts, wanted, asked),
      scannedBytes: () => bytesOf([...asked]),
      dollars: () => 0,
    };
  }

  async groups(
    query: EventQuery,
    parts: readonly ListedPart[],
    { by, days, visibility, signal, onStart }: GroupsWanted,
  ): Promise<EngineGroups> {
    const groups: EventGroup[] = [];
    const compile = (table: string) =>
      compileGroups(query, { table, wildcard: duckDBWildcard, by, days, visibility });
    const narrowed = await this.#narrow(query, parts, signal);
    const scannedBytes = bytesOf(mayTell(visibility) ? narrowed : parts);
    onStart?.(() => scannedBytes);
    for await (const rows of this.#run(narrowed, compile, signal)) {
      groups.push(...rows.map((row) => toGroup(row, by)));
    }
    return { groups, scannedBytes, dollars: 0 };
  }

  async *#batches(
    query: EventQuery,
    parts: readonly ListedPart[],
    { after, limit, page, signal, visibility }: RowsWanted,
    asked: Set<ListedPart>,
  ): AsyncGenerator<readonly EventRow[]> {
    let left = limit;
    let offset = page?.offset ?? 0;
    const { first, last } = partitionsOf(query, query, after);
    const behind = parts.filter(({ dt }) => dt >= first && dt <= last);
    const narrowed = await this.#narrow(query, behind, signal);
    for (const part of mayTell(visibility) ? [] : behind) asked.add(part);
    const groups = growingGroups(narrowed, query, left);
    // Pages by their number are in the order of partitions.
    const pieces = page
      ? groups.map((group) => ({ window: query, parts: group }))
      : inWindows(groups, query);
    for (const { window, parts: group } of pieces) {
      for (const part of mayTell(visibility) ? group : []) asked.add(part);
      const within = page && { ...page, offset };
      const compile = (table: string) =>
        compileQuery(query, {
          table,
          wildcard: duckDBWildcard,
          window,
          after,
          limit: left,
          page: within,
          visibility,
        });
      for await (const rows of this.#run(group, compile, signal)) {
        const batch = rows.map(toEventRow);
        yield batch;
        if (left !== undefined) left -= batch.length;
      }
      if (left === 0) return;
      // It lies within the first day.
      offset = 0;
    }
  }

  /** The parts that may hold what is asked for: fewer only where GUIDs of events are asked for. */
  async #narrow(
    { guids }: EventQuery,
    parts: readonly ListedPart[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ListedPart[]> {
    if (this.#guidIndex === undefined || guids.length === 0) return parts;
    return this.#guidIndex.narrow(parts, guids, signal);
  }

  /** Batches of raw rows, none of them empty. */
  async *#run(
    parts: readonly ListedPart[],
    compile: (table: string) => CompiledQuery,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly Record<string, JS>[]> {
    const files = await this.#files(parts);
    signal?.throwIfAborted();
    if (files.length === 0) return;
    const table = partitionedFiles(`[${files.map(sqlPath).join(', ')}]`, ', union_by_name = true');
    const { sql, parameters } = compile(table);
    const connection = await this.#instance.connect();
    const stop = (): void => connection.interrupt();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await connection.stream(sql, parameters.map(toDuckDBValue));
      for await (const rows of result.yieldRowObjectJs()) {
        signal?.throwIfAborted();
        if (rows.length > 0) yield rows;
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreadable(cause);
    } finally {
      signal?.removeEventListener('abort', stop);
      connection.closeSync();
    }
  }

  async #files(parts: readonly ListedPart[]): Promise<string[]> {
    const files = await Promise.all(parts.map((part) => this.#localPart(part)));
    return files.filter((file) => file !== undefined);
  }
}

function unreadable(cause: unknown): ArchiveError {
  if (cause instanceof ArchiveError) return cause;
  const [line] = String(Object(cause).message ?? cause).split('\n');
  return new ArchiveError(
    'PART_INVALID',
    `the archive's parts cannot be searched: ${line}; run verify to find the part, and restore it`,
    { cause },
  );
}

/** Whether the parts that were asked may be told. Who does not see all would learn from them that an event exists. */
const mayTell = ({ kind }: Visibility): boolean => kind === 'all';

const bytesOf = (parts: readonly ListedPart[]): number =>
  parts.reduce((sum, part) => sum + part.bytes, 0);

const toInstant = (value: JS | undefined): Date => (value instanceof Date ? value : new Date(0));

const toGroup = (row: Record<string, JS>, by: readonly GroupColumn[]): EventGroup => ({
  key: by.map((column) => {
    const value = row[column] ?? null;
    return value === null ? null : String(value);
  }),
  rows: Number(row.count_of_rows),
  first: toInstant(row.first_at),
  last: toInstant(row.last_at),
});

function toEventRow(row: Record<string, JS>): EventRow {
  const values = COLUMNS.map(({ name, type }) => {
    const value = row[name] ?? null;
    if (value === null) return [name, null];
    if (type === 'timestamp') return [name, value instanceof Date ? value : null];
    return [name, String(value)];
  });
  return Object.fromEntries(values) as EventRow;
}
