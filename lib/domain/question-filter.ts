import { z } from 'zod';
import { DAY_MS } from './day.ts';
import { MAX_VALUE_LENGTH } from './event-query.ts';
import { plusMs } from './instant.ts';

const value = z.string().min(1).max(MAX_VALUE_LENGTH);
const values = z.array(value).max(100).default([]);

/**
 * Which questions are looked for. All given filters must hold, several values of one are alternatives; a text is whole and in any case, `*` stands for any text.
 */
export const questionFilterSchema = z.object({
  /** Half-open `[from, to)`, of `logged_at`. */
  from: z.date(),
  to: z.date(),
  /** Who asked: GUID or user name. */
  users: values,
  clients: values,
  paths: values,
  purposes: values,
  /** `answered`, a code, `aborted`. */
  outcomes: values,
  addresses: values,
  /** Texts that all occur in a parameter, in any case: a GUID or a name that was asked for. */
  texts: values,
});
export type QuestionFilter = z.infer<typeof questionFilterSchema>;

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

/** The filter that words ask for. */
export const questionFilterOf = (
  words: QuestionWords,
  { from, to }: { readonly from: Date | undefined; readonly to: Date },
): QuestionFilter =>
  questionFilterSchema.parse({
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
