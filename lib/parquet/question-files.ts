import { readFile } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { QUESTION_COLUMNS, type QuestionRow } from '../domain/question-columns.ts';
import { type QuestionFilter, questionTest } from '../domain/question-filter.ts';
import type { QuestionFiles, QuestionPage } from '../query-log/ports.ts';
import { questionRowOf, unreadableDay } from './question-row.ts';

/** A rolled day is compressed so and no other way. */
const compressors = { ZSTD: (input: Uint8Array): Uint8Array => zstdDecompressSync(input) };

/** Rolled days of the query log, read without a database: a file at a time is in memory, and of it stays what matches. */
export class HyparquetQuestionFiles implements QuestionFiles {
  async read(file: string): Promise<readonly QuestionRow[]> {
    try {
      const { buffer, byteOffset, length } = await readFile(file);
      const columns = QUESTION_COLUMNS.map(({ name }) => name);
      const rows = await parquetReadObjects({
        file: buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer,
        compressors,
        columns,
      });
      return rows.map(questionRowOf);
    } catch (cause) {
      throw unreadableDay(cause);
    }
  }

  async find(
    files: readonly string[],
    unrolled: readonly QuestionRow[],
    filter: QuestionFilter,
    { order, after, limit }: QuestionPage,
  ): Promise<readonly QuestionRow[]> {
    const matches = questionTest(filter);
    const isNewest = order === 'newest';
    const isBehind = ({ id }: QuestionRow): boolean =>
      after === undefined || (isNewest ? id < after : id > after);
    const byId = (a: QuestionRow, b: QuestionRow): number => (a.id < b.id === isNewest ? 1 : -1);
    let found = unrolled.filter((row) => isBehind(row) && matches(row));
    for (const file of files) {
      const more = (await this.read(file)).filter((row) => isBehind(row) && matches(row));
      found = [...found, ...more].sort(byId).slice(0, limit);
    }
    return found.sort(byId).slice(0, limit);
  }
}
