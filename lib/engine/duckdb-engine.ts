import { join } from 'node:path';
import {
  type DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  type DuckDBValue,
  type JS,
} from '@duckdb/node-api';
import { COLUMNS, type EventRow } from '../domain/columns.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { openDuckDB, sqlText } from '../duckdb/open-duckdb.ts';
import type { EngineRows, ListedPart, QueryEngine, RowsWanted } from '../query/ports.ts';
import { compileQuery } from './compile-query.ts';
import type { SqlValue } from './conditions.ts';

export interface DuckDBEngineOptions {
  /** For what does not fit into memory. */
  readonly workDirectory: string;
  /** Path of a local copy of a part, below `foundation=<f>/dt=<day>/`; undefined when the archive has it no more. */
  readonly localPart: (part: ListedPart) => Promise<string | undefined>;
}

/** Days in the first group, and how much larger each next group is. */
const FIRST_DAYS = 16;
const GROWTH = 4;

/** Parts fetched at once. */
const FETCHES = 8;

/** The embedded engine: DuckDB over local copies of parts. */
export class DuckDBEngine implements QueryEngine {
  readonly #instance: DuckDBInstance;
  readonly #localPart: DuckDBEngineOptions['localPart'];
  readonly #fetching = limitConcurrency(FETCHES);

  private constructor(instance: DuckDBInstance, localPart: DuckDBEngineOptions['localPart']) {
    this.#instance = instance;
    this.#localPart = localPart;
  }

  static async open({ workDirectory, localPart }: DuckDBEngineOptions): Promise<DuckDBEngine> {
    const instance = await openDuckDB({
      tempDirectory: join(workDirectory, 'spill'),
      memoryLimit: '512MB',
    });
    const connection = await instance.connect();
    // Parts never change, so what is known of their footers stays true.
    await connection.run('SET parquet_metadata_cache = true');
    connection.closeSync();
    return new DuckDBEngine(instance, localPart);
  }

  close(): void {
    this.#instance.closeSync();
  }

  rows(query: EventQuery, parts: readonly ListedPart[], wanted: RowsWanted): EngineRows {
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    return {
      batches: this.#batches(query, parts, wanted),
      scannedBytes: () => bytes,
      dollars: () => 0,
    };
  }

  async *#batches(
    query: EventQuery,
    parts: readonly ListedPart[],
    { after, limit, signal, visibility }: RowsWanted,
  ): AsyncGenerator<readonly EventRow[]> {
    let left = limit;
    for (const group of growingGroups(parts, query, left)) {
      for await (const batch of this.#ask(query, group, {
        after,
        limit: left,
        signal,
        visibility,
      })) {
        yield batch;
        if (left !== undefined) left -= batch.length;
      }
      if (left === 0) return;
    }
  }

  async *#ask(
    query: EventQuery,
    parts: readonly ListedPart[],
    { after, limit, signal, visibility }: RowsWanted,
  ): AsyncGenerator<readonly EventRow[]> {
    const files = await this.#files(parts);
    signal?.throwIfAborted();
    if (files.length === 0) return;
    const table = `read_parquet([${files.map(sqlText).join(', ')}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)`;
    const { sql, parameters } = compileQuery(query, { table, after, limit, visibility });
    const connection = await this.#instance.connect();
    const stop = (): void => connection.interrupt();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await connection.stream(sql, parameters.map(toDuckDBValue));
      for await (const rows of result.yieldRowObjectJs()) {
        signal?.throwIfAborted();
        if (rows.length > 0) yield rows.map(toEventRow);
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
    const files = await Promise.all(
      parts.map((part) => this.#fetching(() => this.#localPart(part))),
    );
    return files.filter((file) => file !== undefined);
  }
}

/**
 * Parts in groups of days, in the order of the query. For a page they grow: most pages are full after the first few days. For all rows they do not: no more than a group is sorted at once.
 *
 * A day is never divided. An event that lies in another day's partition than its own comes with the group of that partition.
 */
function growingGroups(
  parts: readonly ListedPart[],
  { order }: EventQuery,
  limit: number | undefined,
): ListedPart[][] {
  const sign = order === 'newest' ? -1 : 1;
  const days = Map.groupBy(parts, ({ dt }) => dt);
  const sorted = [...days.keys()].sort((a, b) => (a < b ? -sign : sign));
  const groups: ListedPart[][] = [];
  let size = FIRST_DAYS;
  for (let from = 0; from < sorted.length; ) {
    groups.push(sorted.slice(from, from + size).flatMap((day) => days.get(day) ?? []));
    from += size;
    if (limit !== undefined) size *= GROWTH;
  }
  return groups;
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

const toDuckDBValue = (value: SqlValue): DuckDBValue =>
  value instanceof Date ? new DuckDBTimestampMillisecondsValue(BigInt(value.getTime())) : value;

function toEventRow(row: Record<string, JS>): EventRow {
  const values = COLUMNS.map(({ name, type }) => {
    const value = row[name] ?? null;
    if (value === null) return [name, null];
    if (type === 'timestamp') return [name, value instanceof Date ? value : null];
    return [name, String(value)];
  });
  return Object.fromEntries(values) as EventRow;
}
