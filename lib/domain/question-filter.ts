import { z } from 'zod';
import { DAY_MS } from './day.ts';
import { filterValue, filterValues } from './event-query.ts';
import { plusMs } from './instant.ts';
import { invalidWords } from './invalid-words.ts';
import type { QuestionRow } from './question-columns.ts';

/**
 * Which questions are looked for. All given filters must hold, several values of one are alternatives; a text is whole and in any case, `*` stands for any text.
 */
export const questionFilterSchema = z.object({
  /** Half-open `[from, to)`, of `logged_at`. */
  from: z.date(),
  to: z.date(),
  /** Who asked: GUID or user name. */
  users: filterValues(filterValue('a GUID or a name')),
  clients: filterValues(filterValue('the id of a client')),
  paths: filterValues(filterValue('a path')),
  purposes: filterValues(filterValue('a purpose')),
  /** `answered`, a code, `aborted`. */
  outcomes: filterValues(filterValue('an outcome')),
  addresses: filterValues(filterValue('an address')),
  /** Texts that each occur in a parameter or in the path, in any case: a GUID or a name that was asked for. */
  texts: filterValues(filterValue('a text')),
});
export type QuestionFilter = z.infer<typeof questionFilterSchema>;

/** In which columns each filter looks for its values. */
export const FILTERED_COLUMNS = [
  ['users', ['user_guid', 'user_name']],
  ['clients', ['client_id']],
  ['paths', ['path']],
  ['purposes', ['purpose']],
  ['outcomes', ['outcome']],
  ['addresses', ['address']],
] as const satisfies readonly (readonly [keyof QuestionFilter, readonly (keyof QuestionRow)[]])[];

/** A text as it stands in the column `parameters`, which is JSON. */
export const textInJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The filter as a test of rows, for where no database is asked. */
export function questionTest(filter: QuestionFilter): (row: QuestionRow) => boolean {
  const tests = FILTERED_COLUMNS.flatMap(([name, columns]) => {
    const patterns = filter[name].map(wholeText);
    if (patterns.length === 0) return [];
    return [
      (row: QuestionRow) =>
        columns.some((column) => {
          const value = row[column]?.toLowerCase();
          return value !== undefined && patterns.some((matches) => matches(value));
        }),
    ];
  });
  const texts = filter.texts.map((text) => text.toLowerCase());
  return (row) =>
    row.logged_at !== null &&
    row.logged_at >= filter.from &&
    row.logged_at < filter.to &&
    tests.every((test) => test(row)) &&
    texts.every(
      (text) =>
        row.parameters?.toLowerCase().includes(textInJson(text)) ||
        row.path?.toLowerCase().includes(text),
    );
}

/** Whether a text in lower case is what was written in any case; `*` stands for any text, everything else for itself. */
function wholeText(written: string): (text: string) => boolean {
  const [first = '', ...others] = written.toLowerCase().split('*');
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of others) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/** Filters as people write them, on the command line or in a URL. */
export interface QuestionWords {
  readonly user?: readonly string[] | undefined;
  readonly client?: readonly string[] | undefined;
  readonly path?: readonly string[] | undefined;
  readonly ticket?: readonly string[] | undefined;
  readonly outcome?: readonly string[] | undefined;
  readonly address?: readonly string[] | undefined;
  readonly text?: readonly string[] | undefined;
}

/** Days back that are looked at when nobody says from when. */
export const DEFAULT_QUESTION_DAYS = 31;

/**
 * The filter that words ask for. Messages name a word as an option: `user`.
 *
 * @throws ArchiveError QUERY_INVALID, a line for each word that is wrong
 */
export const questionFilterOf = (
  words: QuestionWords,
  { from, to }: { readonly from: Date | undefined; readonly to: Date },
): QuestionFilter => {
  const parsed = questionFilterSchema.safeParse({
    from: from ?? plusMs(to, -DEFAULT_QUESTION_DAYS * DAY_MS),
    to,
    users: words.user,
    clients: words.client,
    paths: words.path,
    purposes: words.ticket,
    outcomes: words.outcome,
    addresses: words.address,
    texts: words.text,
  });
  if (parsed.success) return parsed.data;
  throw invalidWords(parsed.error.issues, WORD_OF);
};

const WORD_OF: Readonly<Record<string, string>> = {
  users: 'user',
  clients: 'client',
  paths: 'path',
  purposes: 'ticket',
  outcomes: 'outcome',
  addresses: 'address',
  texts: 'text',
};
