import type { QuestionRow } from '../domain/question-columns.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';

/** Rolled days of the query log as files. */
export interface QuestionDays {
  /**
   * Write rows as a Parquet file, in ascending order of `id`, and read it back.
   *
   * @throws ArchiveError WORK_FAILED; PART_INVALID when the file is not what was to be written
   */
  write(rows: readonly QuestionRow[], file: string): Promise<void>;

  /** All rows of a file, in its order. @throws ArchiveError PART_INVALID when it is no such file */
  read(file: string): Promise<readonly QuestionRow[]>;

  /** What `read` gives, as far as it matches, of several files: ascending by `id`, or descending; behind `after`, at most `limit`. */
  find(
    files: readonly string[],
    filter: QuestionFilter,
    page: QuestionPage,
  ): Promise<readonly QuestionRow[]>;
}

export interface QuestionPage {
  readonly order: 'newest' | 'oldest';
  /** An `id`: only rows behind it. */
  readonly after: string | undefined;
  readonly limit: number;
}
