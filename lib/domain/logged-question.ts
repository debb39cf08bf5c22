import { z } from 'zod';
import { DAY_STATES, type DayState } from './coverage.ts';
import { foundationNameSchema } from './foundation.ts';

export const QUESTION_FORMAT = 'cf-audit-archive/question/v1';

const instantText = z.iso.datetime();
const count = z.int().nonnegative();

/**
 * `queries/v1/foundation=<f>/dt=<day>/<logged_at>-<hex>.json`: one question that somebody asked over HTTP, written once, when it was answered or had failed; of a file that is sent while it is made, before its first byte, too. Instants are UTC.
 *
 * Holds nothing of any event but how many were given, and no token.
 */
export const loggedQuestionSchema = z.object({
  format: z.literal(QUESTION_FORMAT),
  /** Whose log this is in; a question about several foundations is in the log of each. */
  foundation: foundationNameSchema,
  /** All that it was about. */
  foundations: z.array(foundationNameSchema).min(1),
  tool: z.string(),
  /** When it came, and when this was written. */
  asked_at: instantText,
  logged_at: instantText,
  /** As the verified token says; the name is null for a client that acts by itself, whose id is then the GUID. */
  user: z.object({ guid: z.string(), name: z.string().nullable(), client_id: z.string() }),
  /** Whether a global scope let the user see everything, or roles decided. */
  sees: z.enum(['all', 'roles']),
  /** Network address of the client; null when it is not known. */
  address: z.string().nullable(),
  /** Without host and parameters, such as `/v3/audit_events`. */
  path: z.string(),
  /** As they were asked, decoded, in their order. */
  parameters: z.array(z.tuple([z.string(), z.string()])),
  /** Why, in the caller's own words or a ticket's number; null when nothing was said. */
  purpose: z.string().nullable(),
  /** HTTP status of the answer. */
  status: z.int().min(100).max(599),
  /** `answered`, the code of an error, `aborted` when the client went away; or `started`: the first of two entries of a file that is sent while it is made, or made before it is sent. */
  outcome: z.string().min(1),
  /** Events, or lines of a report, that were given. */
  rows: count,
  scanned_bytes: count,
  /** How many of the asked days were in which state; null where the answer is about no days. */
  coverage: z
    .object({
      complete: z.boolean(),
      days: z.object(
        Object.fromEntries(DAY_STATES.map((state) => [state, count])) as Record<
          DayState,
          typeof count
        >,
      ),
    })
    .nullable(),
});
export type LoggedQuestion = z.infer<typeof loggedQuestionSchema>;

/** The entry's exact bytes: one line of JSON. */
export const loggedQuestionBytes = (question: LoggedQuestion): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(question)}\n`);
