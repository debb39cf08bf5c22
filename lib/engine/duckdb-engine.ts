import { join } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  type DuckDBValue,
  type JS,
} from '@duckdb/node-api';
import { COLUMNS, type EventRow } from '../domain/columns.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { openDuckDB, sqlText } from '../duckdb/open-duckdb.ts';
import type { QueryEngine } from '../query/ports.ts';
import { compileQuery } from './compile-query.ts';

/** The embedded engine: DuckDB over local copies of parts. */
export class DuckDBEngine implements QueryEngine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(workDirectory: string): Promise<DuckDBEngine> {
    const instance = await openDuckDB({
      tempDirectory: join(workDirectory, 'spill'),
      memoryLimit: '512MB',
    });
    return new DuckDBEngine(instance, await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async search(query: EventQuery, files: readonly string[]): Promise<EventRow[]> {
    const list = files.map(sqlText).join(', ');
    const { sql, parameters } = compileQuery(
      query,
      `read_parquet([${list}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)`,
    );
    try {
      const result = await this.#connection.runAndReadAll(sql, parameters.map(toDuckDBValue));
      return result.getRowObjectsJS().map(toEventRow);
    } catch (cause) {
      const [line] = String(Object(cause).message ?? cause).split('\n');
      throw new ArchiveError(
        'PART_INVALID',
        `the archive's parts cannot be searched: ${line}; run verify to find the part, and restore it`,
        { cause },
      );
    }
  }
}

const toDuckDBValue = (value: string | Date): DuckDBValue =>
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
