import { z } from 'zod';
import { MAX_VALUE_LENGTH } from './event-query.ts';

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
