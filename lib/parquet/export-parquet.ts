import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
} from '@duckdb/node-api';
import { openDuckDB, sqlText } from '../duckdb/open-duckdb.ts';
import type { FileColumn, RowFile } from '../report/ports.ts';
import { workError } from './work-error.ts';

const DOING = 'writing the Parquet file of an export';

/** As in a part. */
const ROW_GROUP_ROWS = 51_200;

/** Of the database: its own 122,880 rows would be held in memory at once. */
const DATABASE_GROUP_ROWS = 20_480;

/** Rows between two commits: what is not committed is held in memory. */
const COMMIT_ROWS = 2 * ROW_GROUP_ROWS;

const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * A Parquet file in the making: rows are gathered in a database on disk, then copied into the file in the order in which they came.
 *
 * The layout is that of a part: flat columns, ZSTD, row groups of about 50,000, instants as INT64 TIMESTAMP_MILLIS.
 */
export class ParquetExport implements RowFile {
  readonly #directory: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #columns: readonly FileColumn[];
  #appender: DuckDBAppender;
  #uncommitted = 0;

  private constructor(
    directory: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    appender: DuckDBAppender,
    columns: readonly FileColumn[],
  ) {
    this.#directory = directory;
    this.#instance = instance;
    this.#connection = connection;
    this.#appender = appender;
    this.#columns = columns;
  }

  /** @param workDirectory - for the database, which takes about twice the size of the file; gone after `close` */
  static async open(workDirectory: string, columns: readonly FileColumn[]): Promise<ParquetExport> {
    let directory: string | undefined;
    try {
      await mkdir(workDirectory, { recursive: true });
      directory = await mkdtemp(join(workDirectory, 'export-'));
      const instance = await openDuckDB({
        tempDirectory: join(directory, 'spill'),
        memoryLimit: '192MB',
      });
      const connection = await instance.connect();
      // Before the first row: rows are appended in any order, too, without it.
      await connection.run('SET preserve_insertion_order = true');
      const database = sqlText(join(directory, 'rows.duckdb'));
      await connection.run(`ATTACH ${database} AS export (ROW_GROUP_SIZE ${DATABASE_GROUP_ROWS})`);
      await connection.run('USE export');
      const definitions = columns.map(
        ({ name, type }) => `${sqlName(name)} ${type === 'text' ? 'VARCHAR' : 'TIMESTAMP_MS'}`,
      );
      await connection.run(`CREATE TABLE rows (${definitions.join(', ')})`);
      const appender = await connection.createAppender('rows');
      return new ParquetExport(directory, instance, connection, appender, columns);
    } catch (error) {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
      throw workError(error, DOING);
    }
  }

  async append(rows: readonly (readonly (Date | string | null)[])[]): Promise<void> {
    try {
      for (const row of rows) {
        for (let index = 0; index < this.#columns.length; index += 1) {
          appendValue(this.#appender, row[index] ?? null);
        }
        this.#appender.endRow();
      }
      this.#uncommitted += rows.length;
      if (this.#uncommitted < COMMIT_ROWS) return;
      this.#appender.closeSync();
      this.#appender = await this.#connection.createAppender('rows');
      this.#uncommitted = 0;
    } catch (error) {
      throw workError(error, DOING);
    }
  }

  async write(path: string): Promise<void> {
    try {
      this.#appender.flushSync();
      await this.#connection.run(
        `COPY rows TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
    } catch (error) {
      throw workError(error, DOING);
    }
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function appendValue(appender: DuckDBAppender, value: Date | string | null): void {
  if (value === null) appender.appendNull();
  else if (typeof value === 'string') appender.appendVarchar(value);
  else {
    const ms = BigInt(value.getTime());
    appender.appendTimestampMilliseconds(new DuckDBTimestampMillisecondsValue(ms));
  }
}
