import { ArchiveError } from '../domain/errors.ts';
import { QUESTION_COLUMNS, type QuestionRow } from '../domain/question-columns.ts';

/** A row of a rolled day as a reader of Parquet gives it: numbers may be 64 bits long. */
export const questionRowOf = (row: Readonly<Record<string, unknown>>): QuestionRow =>
  Object.fromEntries(
    QUESTION_COLUMNS.map(({ name, type }) => {
      const value = row[name] ?? null;
      if (value === null || type === 'timestamp') return [name, value];
      return [name, type === 'number' ? Number(value) : String(value)];
    }),
  ) as QuestionRow;

export function unreadableDay(cause: unknown): ArchiveError {
  const [line] = String(Object(cause).message ?? cause).split('\n');
  return new ArchiveError('PART_INVALID', `a rolled day of the query log cannot be read: ${line}`, {
    cause,
  });
}
