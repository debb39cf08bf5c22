import { randomBytes } from 'node:crypto';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import {
  type LoggedQuestion,
  loggedQuestionBytes,
  QUESTION_FORMAT,
} from '../domain/logged-question.ts';
import { questionId, questionKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Caller } from '../identity/caller.ts';
import type { AskedQuestion } from './ports.ts';

export interface QueryLogOptions {
  readonly store: ObjectStore;
  /** Whether a caller sees everything. */
  readonly seesAll: (caller: Caller) => boolean;
  readonly now: () => Date;
  /** Name and version of this program. */
  readonly tool: string;
}

/** A JWT, or a token with its scheme before it: it may have been written into a parameter by mistake. */
const TOKEN = /(?:bearer\s+\S+)|(?:eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/gi;
/** No token is shorter, and a word might be. */
const LEAST_TOKEN = 16;
const REMOVED = '[token removed]';

/** What tells two questions of one millisecond apart. */
const RANDOM_BYTES = 8;

/**
 * Make the function that puts a question on record: one new object in the archive for each foundation that it is about, on disk when it returns.
 *
 * The function throws ArchiveError STORE_…: the question is then not on record, and whoever asks decides what that means.
 */
export const createQueryLog =
  ({ store, seesAll, now, tool }: QueryLogOptions) =>
  async (question: AskedQuestion): Promise<void> => {
    const loggedAt = now();
    await Promise.all(
      question.foundations.map(async (foundation) => {
        const key = questionKey(
          foundation,
          questionId(loggedAt, randomBytes(RANDOM_BYTES).toString('hex')),
        );
        const entry = entryOf(question, foundation, loggedAt, tool, seesAll(question.caller));
        if ((await store.create(key, loggedQuestionBytes(entry))) === 'created') return;
        throw new ArchiveError('STORE_UNAVAILABLE', `${key} is taken; ask again`);
      }),
    );
  };

function entryOf(
  question: AskedQuestion,
  foundation: FoundationName,
  loggedAt: Date,
  tool: string,
  all: boolean,
): LoggedQuestion {
  const { caller, coverage } = question;
  const withoutToken = (text: string): string =>
    caller.token.length < LEAST_TOKEN ? text : text.replaceAll(caller.token, REMOVED);
  const clean = (text: string): string =>
    withoutToken(text).replaceAll(TOKEN, REMOVED).toWellFormed();
  return {
    format: QUESTION_FORMAT,
    foundation,
    foundations: [...question.foundations],
    tool,
    asked_at: question.at.toISOString(),
    logged_at: loggedAt.toISOString(),
    user: {
      guid: caller.userGuid,
      name: caller.userName ?? null,
      client_id: caller.clientId,
    },
    sees: all ? 'all' : 'roles',
    address: question.address ?? null,
    path: clean(question.path),
    parameters: question.parameters.map(([name, value]) => [clean(name), clean(value)]),
    purpose: question.purpose === undefined ? null : clean(question.purpose),
    status: question.status,
    outcome: question.outcome,
    rows: question.rows,
    scanned_bytes: question.scannedBytes,
    coverage: coverage ? { complete: coverage.complete, days: { ...coverage.days } } : null,
  };
}
