import { mkdir } from 'node:fs/promises';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { literalPath } from './partitioned-files.ts';

export interface DuckDBOptions {
  /** A folder for what does not fit into memory; made when absent. */
  readonly tempDirectory: string;
  /** Of the database's own buffers, such as `256MB`; the process needs about twice that. */
  readonly memoryLimit?: string;
  readonly threads?: number;
}

/**
 * Open DuckDB, in memory, as this program always does: bounded memory, spilling into the given folder, and no extension ever fetched from the network.
 */
export async function openDuckDB(options: DuckDBOptions): Promise<DuckDBInstance> {
  await mkdir(options.tempDirectory, { recursive: true });
  return DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit ?? '256MB',
    threads: String(options.threads ?? 2),
    temp_directory: options.tempDirectory,
    home_directory: options.tempDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    // Without these, freed memory stays with the allocator: 40 pages of 4 MB leave a process 200 MB larger.
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
  });
}

/** What the database holds beyond a lower limit it gives back at once. */
export async function setMemoryLimit(connection: DuckDBConnection, limit: string): Promise<void> {
  await connection.run(`SET memory_limit = ${sqlText(limit)}`);
}

/** A text as an SQL string literal, for the few places where DuckDB takes no bound value (`COPY … TO`). */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The path of one file, for `read_parquet`. */
export const sqlPath = (path: string): string => sqlText(literalPath(path));

/** A value to bind: an instant as a timestamp of milliseconds, as the archive's columns have them. */
export const toDuckDBValue = (value: string | Date): DuckDBValue =>
  value instanceof Date ? new DuckDBTimestampMillisecondsValue(BigInt(value.getTime())) : value;
