import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { ArchiveError } from '../domain/errors.ts';
import { QUESTION_COLUMNS, type QuestionRow } from '../domain/question-columns.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';
import { openDuckDB, sqlPath, sqlText, toDuckDBValue } from '../duckdb/open-duckdb.ts';
import type { QuestionDays, QuestionFiles, QuestionPage } from '../query-log/ports.ts';
import { questionConditions } from './question-conditions.ts';
import { questionRowOf, unreadableDay } from './question-row.ts';
import { workError } from './work-error.ts';

const NAMES = QUESTION_COLUMNS.map(({ name }) => `"${name}"`).join(', ');

/** An entry is a URL and a little more. */
const LONGEST_LINE_BYTES = 4 * 1024 * 1024;

/** Rolled days of the query log, made and read by DuckDB: ZSTD, flat columns, instants as INT64 TIMESTAMP_MILLIS, sorted by `id`. */
export class DuckDBQuestionDays implements QuestionDays, QuestionFiles {
  readonly #workDirectory: string;

  constructor(workDirectory: string) {
    this.#workDirectory = workDirectory;
  }

  async write(rows: readonly QuestionRow[], file: string): Promise<void> {
    const lines = `${file}.ndjson`;
    await this.#with(async (connection) => {
      try {
        await writeFile(lines, rows.map(jsonLine).join(''));
        const columns = QUESTION_COLUMNS.map(
          ({ name, type }) => `'${name}': '${type === 'text' ? 'VARCHAR' : 'BIGINT'}'`,
        );
        const values = QUESTION_COLUMNS.map(({ name, type }) =>
          type === 'timestamp' ? `epoch_ms("${name}")::TIMESTAMP_MS AS "${name}"` : `"${name}"`,
        );
        await connection.run(
          `COPY (SELECT ${values.join(', ')} FROM read_json(${sqlText(lines)}, format = 'newline_delimited',
             maximum_object_size = ${LONGEST_LINE_BYTES}, columns = {${columns.join(', ')}}) ORDER BY id)
           TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`,
        );
      } catch (error) {
        throw workError(error, 'rolling a day of the query log');
      }
    });
    const written = await this.read(file);
    const wanted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
    if (JSON.stringify(written) !== JSON.stringify(wanted)) {
      throw new ArchiveError('PART_INVALID', 'a rolled day does not read back as it was written');
    }
  }

  read(file: string): Promise<readonly QuestionRow[]> {
    return this.#select([file], 'ORDER BY id', []);
  }

  async find(
    files: readonly string[],
    unrolled: readonly QuestionRow[],
    filter: QuestionFilter,
    page: QuestionPage,
  ): Promise<readonly QuestionRow[]> {
    if (unrolled.length === 0) return this.#find(files, filter, page);
    await mkdir(this.#workDirectory, { recursive: true });
    const directory = await mkdtemp(join(this.#workDirectory, 'unrolled-'));
    try {
      const file = join(directory, 'unrolled.parquet');
      await this.write(unrolled, file);
      return await this.#find([...files, file], filter, page);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  #find(
    files: readonly string[],
    filter: QuestionFilter,
    { order, after, limit }: QuestionPage,
  ): Promise<readonly QuestionRow[]> {
    const { sql, values } = questionConditions(filter);
    const [is, direction] = order === 'newest' ? ['<', 'DESC'] : ['>', 'ASC'];
    const behind = after === undefined ? [] : [`id ${is} ?`];
    return this.#select(
      files,
      `WHERE ${[...sql, ...behind].join(' AND ')} ORDER BY id ${direction} LIMIT ${limit}`,
      [...values, ...(after === undefined ? [] : [after])].map(toDuckDBValue),
    );
  }

  async #select(
    files: readonly string[],
    rest: string,
    values: DuckDBValue[],
  ): Promise<readonly QuestionRow[]> {
    if (files.length === 0) return [];
    return this.#with(async (connection) => {
      try {
        const sql = `SELECT ${NAMES} FROM read_parquet([${files.map(sqlPath).join(', ')}], hive_partitioning = false) ${rest}`;
        const reader = await connection.runAndReadAll(sql, values);
        return reader.getRowObjectsJS().map(questionRowOf);
      } catch (cause) {
        throw unreadableDay(cause);
      }
    });
  }

  async #with<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const instance = await openDuckDB({ tempDirectory: this.#workDirectory, threads: 1 });
    try {
      const connection = await instance.connect();
      try {
        return await use(connection);
      } finally {
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  }
}

const jsonLine = (row: QuestionRow): string =>
  `${JSON.stringify(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof Date ? value.getTime() : value,
      ]),
    ),
  )}\n`;
