import type { Coverage } from '../domain/coverage.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';
import type { Caller } from '../identity/caller.ts';

/** Reads rolled days of the query log. */
export interface QuestionFiles {
  /** All rows of a file, in its order. @throws ArchiveError PART_INVALID when it is no such file */
  read(file: string): Promise<readonly QuestionRow[]>;

  /** What matches, of several files and of rows that are in none of them: ascending by `id`, or descending; behind `after`, at most `limit`. */
  find(
    files: readonly string[],
    unrolled: readonly QuestionRow[],
    filter: QuestionFilter,
    page: QuestionPage,
  ): Promise<readonly QuestionRow[]>;
}

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
}

export interface QuestionPage {
  readonly order: 'newest' | 'oldest';
  /** An `id`: only rows behind it. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** What is put on record of a question. */
export interface AskedQuestion {
  /** When it came. */
  readonly at: Date;
  readonly caller: Caller;
  /** Address of the client; undefined when it is not known. */
  readonly address: string | undefined;
  /** At least one. */
  readonly foundations: readonly FoundationName[];
  readonly path: string;
  /** Parameters as they were asked, decoded, in their order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Why: what the caller wrote into `X-Ticket`. */
  readonly purpose: string | undefined;
  readonly rows: number;
  readonly scannedBytes: number;
  /** Undefined where the answer is about no days. */
  readonly coverage: Coverage | undefined;
  /** Status of the answer; of a stream that broke off, what it began with. */
  readonly status: number;
  /** `answered`, the code of an error, `aborted` when the client went away; or `started`: the first of two entries of a file that is sent while it is made, or made before it is sent. */
  readonly outcome: string;
}
