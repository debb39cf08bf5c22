import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDuckDB, sqlText } from '../duckdb/open-duckdb.ts';
import type { FileColumn, RowFile } from '../report/ports.ts';
import { ROW_GROUP_ROWS } from './row-group.ts';
import { workError } from './work-error.ts';

const DOING = 'writing the Parquet file of an export';

/** Rows that reach the database at once, as a file of JSON lines: an appender would take a native call for every value, and keeps memory for each. */
const PIECE_ROWS = 20_480;

/** DuckDB reads JSON lines through buffers of twice the longest line that it is told to expect; rows of many megabytes are rare. */
const LEAST_LONGEST_LINE_BYTES = 1024 * 1024;

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
  #piece: FileHandle | undefined;
  #pieceRows = 0;
  #longestLineBytes = LEAST_LONGEST_LINE_BYTES;

  private constructor(
    directory: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    columns: readonly FileColumn[],
  ) {
    this.#directory = directory;
    this.#instance = instance;
    this.#connection = connection;
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
        memoryLimit: '128MB',
        threads: 1,
      });
      const connection = await instance.connect();
      // Before the first row: rows are inserted in any order, too, without it.
      await connection.run('SET preserve_insertion_order = true');
      const database = sqlText(join(directory, 'rows.duckdb'));
      await connection.run(`ATTACH ${database} AS export (ROW_GROUP_SIZE ${PIECE_ROWS})`);
      await connection.run('USE export');
      const definitions = columns.map(
        ({ name, type }) => `${sqlName(name)} ${type === 'text' ? 'VARCHAR' : 'TIMESTAMP_MS'}`,
      );
      await connection.run(`CREATE TABLE rows (${definitions.join(', ')})`);
      return new ParquetExport(directory, instance, connection, columns);
    } catch (error) {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
      throw workError(error, DOING);
    }
  }

  async append(rows: readonly (readonly (Date | string | null)[])[]): Promise<void> {
    try {
      this.#piece ??= await open(this.#pieceFile, 'w');
      const lines = rows.map(jsonLine);
      for (const line of lines) {
        this.#longestLineBytes = Math.max(this.#longestLineBytes, Buffer.byteLength(line));
      }
      await this.#piece.appendFile(lines.join(''));
      this.#pieceRows += rows.length;
      if (this.#pieceRows >= PIECE_ROWS) await this.#insertPiece();
    } catch (error) {
      throw workError(error, DOING);
    }
  }

  async write(path: string): Promise<void> {
    try {
      await this.#insertPiece();
      await this.#connection.run(
        `COPY rows TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
    } catch (error) {
      throw workError(error, DOING);
    }
  }

  async close(): Promise<void> {
    await this.#piece?.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#directory, { recursive: true, force: true });
  }

  get #pieceFile(): string {
    return join(this.#directory, 'piece.ndjson');
  }

  async #insertPiece(): Promise<void> {
    if (this.#piece === undefined) return;
    await this.#piece.close();
    this.#piece = undefined;
    const longest = this.#longestLineBytes;
    this.#pieceRows = 0;
    this.#longestLineBytes = LEAST_LONGEST_LINE_BYTES;
    const read = this.#columns.map(
      ({ type }, index) => `c${index}: '${type === 'text' ? 'VARCHAR' : 'BIGINT'}'`,
    );
    const values = this.#columns.map(({ type }, index) =>
      type === 'text' ? `c${index}` : `epoch_ms(c${index})::TIMESTAMP_MS`,
    );
    await this.#connection.run(
      `INSERT INTO rows SELECT ${values.join(', ')} FROM read_json(${sqlText(this.#pieceFile)},
         format = 'newline_delimited', maximum_object_size = ${longest}, columns = {${read.join(', ')}})`,
    );
  }
}

/** A lone surrogate is no UTF-8: it becomes U+FFFD, as in every file. */
const jsonLine = (row: readonly (Date | string | null)[]): string => {
  const members = row.flatMap((value, index) => {
    if (value === null) return [];
    const text =
      value instanceof Date ? String(value.getTime()) : JSON.stringify(value.toWellFormed());
    return [`"c${index}":${text}`];
  });
  return `{${members.join(',')}}\n`;
};
