import type { LoggedQuestion } from './logged-question.ts';

/**
 * The columns of a rolled day of the query log, in order: the single source for the Parquet files and for every table that reads them.
 *
 * `entry` is the exact text of the entry; all others follow from it and from its key.
 */
export const QUESTION_COLUMNS = [
  { name: 'id', type: 'text' },
  { name: 'logged_at', type: 'timestamp' },
  { name: 'asked_at', type: 'timestamp' },
  { name: 'user_guid', type: 'text' },
  { name: 'user_name', type: 'text' },
  { name: 'client_id', type: 'text' },
  { name: 'sees', type: 'text' },
  { name: 'address', type: 'text' },
  { name: 'path', type: 'text' },
  { name: 'parameters', type: 'text' },
  { name: 'purpose', type: 'text' },
  { name: 'status', type: 'number' },
  { name: 'outcome', type: 'text' },
  { name: 'row_count', type: 'number' },
  { name: 'scanned_bytes', type: 'number' },
  { name: 'complete', type: 'text' },
  { name: 'entry', type: 'text' },
] as const;

type Column = (typeof QUESTION_COLUMNS)[number];

/** A row of a rolled day; null is SQL's null. `complete` is `yes`, `no`, or null where the answer is about no days. */
export type QuestionRow = {
  readonly [C in Column as C['name']]: C['type'] extends 'timestamp'
    ? Date | null
    : C['type'] extends 'number'
      ? number | null
      : string | null;
} & { readonly id: string; readonly entry: string };

/**
 * @param id - what the entry's key ends in, without `.json`
 * @param text - the entry's exact text
 */
export function questionRow(id: string, question: LoggedQuestion, text: string): QuestionRow {
  const { user, coverage } = question;
  return {
    id,
    logged_at: new Date(question.logged_at),
    asked_at: new Date(question.asked_at),
    user_guid: user.guid,
    user_name: user.name,
    client_id: user.client_id,
    sees: question.sees,
    address: question.address,
    path: question.path,
    parameters: JSON.stringify(question.parameters),
    purpose: question.purpose,
    status: question.status,
    outcome: question.outcome,
    row_count: question.rows,
    scanned_bytes: question.scanned_bytes,
    complete: coverage && (coverage.complete ? 'yes' : 'no'),
    entry: text,
  };
}

/** Questions as every JSON answer has them: each entry as it was logged, with its id. */
export const questionsJson = ({
  questions,
  next,
}: {
  readonly questions: readonly QuestionRow[];
  readonly next: string | null;
}): string =>
  JSON.stringify({
    questions: questions.map(({ id, entry }) => ({ id, ...JSON.parse(entry) })),
    next_cursor: next,
  });
