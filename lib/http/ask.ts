import type { Context } from 'hono';
import { apiError } from '../cloud-controller-api/api-error.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Caller } from '../identity/caller.ts';
import { ScanMeter } from '../query/metered-engine.ts';
import type { SearchContext } from '../query/search-events.ts';
import { addressOf } from './client-address.ts';
import type { Site } from './ports.ts';
import { outcomeOf, retryAfterOf, toApiError } from './problem.ts';
import {
  errorResponse,
  type Reply,
  type ReplyFacts,
  toBody,
  withinBytes,
  withoutBody,
} from './reply.ts';
import { contextOf, type HttpServer } from './server.ts';

/** A question whose asker is known. */
export interface Question {
  readonly server: HttpServer;
  readonly foundations: readonly FoundationName[];
  readonly caller: Caller;
  readonly context: SearchContext;
  readonly now: Date;
}

/** How long the answer may take: a page, or a whole export. */
export type Patience = 'page' | 'export';

const MAX_PURPOSE = 256;

const NOTHING: ReplyFacts = { rows: 0, scannedBytes: 0 };

/**
 * Answer a question: who asks and what they may see first, then their turn, then the answer; and whatever came of it goes on record before the answer is whole.
 *
 * @param sites - of the foundations that the question is about; the UAA of each must vouch for the caller
 */
export async function ask(
  server: HttpServer,
  c: Context,
  sites: readonly [Site, ...Site[]],
  patience: Patience,
  answer: (question: Question) => Promise<Reply>,
): Promise<Response> {
  const { ports, options, slots, scans } = server;
  const [site] = sites;
  const now = ports.now();
  const caller = await callerOf(sites, c.req.header('authorization'));
  const purpose = purposeOf(c.req.header('x-ticket'));
  const limit = AbortSignal.timeout(
    patience === 'page' ? options.timeoutMs : options.exportTimeoutMs,
  );
  const signal = AbortSignal.any([limit, c.req.raw.signal]);

  const meter = new ScanMeter();
  const record = async (status: number, outcome: string, facts: ReplyFacts): Promise<void> => {
    const { scannedBytes } = meter;
    scans.add(caller.userGuid, scannedBytes, now);
    const { pathname, searchParams } = new URL(c.req.url);
    await logged(
      ports.log({
        at: now,
        caller,
        address: addressOf(c),
        foundations: sites.map(({ name }) => name),
        path: pathname,
        parameters: [...searchParams],
        purpose,
        rows: facts.rows,
        scannedBytes,
        coverage: facts.coverage,
        status,
        outcome,
      }),
    );
  };

  let leave = (): void => undefined;
  try {
    scans.check(caller.userGuid, now);
    leave = await slots.take(caller.userGuid, signal);
    const visibility = await site.visibility(caller);
    const found = contextOf(server, now, visibility, caller.userGuid, signal);
    const context = { ...found, engine: meter.over(found.engine) };
    const foundations = sites.map(({ name }) => name);
    const made = await server.turns(() => {
      signal.throwIfAborted();
      return answer({ server, foundations, caller, context, now });
    });
    const reply =
      c.req.raw.method === 'HEAD'
        ? await withoutBody(made)
        : await withinBytes(made, options.maxAnswerBytes);
    if (reply.body === null || typeof reply.body === 'string') {
      await record(reply.status, reply.outcome ?? 'answered', reply.facts());
      leave();
      return new Response(reply.body, { status: reply.status, headers: reply.headers });
    }
    const body = toBody(recorded(reply, reply.body, record, leave));
    return new Response(body, { status: reply.status, headers: reply.headers });
  } catch (error) {
    leave();
    if (error instanceof ArchiveError && error.code === 'QUERY_LOG_FAILED') throw error;
    const cause = causeOf(error, signal, limit);
    const told = toApiError(cause);
    await record((told ?? apiError('UnknownError')).status, outcomeOf(cause), NOTHING);
    // What a signal throws is no fault of ours, and of a caller who went away nobody reads the answer.
    if (signal.aborted) throw told ?? apiError('UnknownError');
    throw cause;
  }
}

const GONE = new DOMException('the caller went away', 'AbortError');

/** Why a question came to nothing: whatever fails because it was ended, it was ended by its time or its caller. */
function causeOf(error: unknown, signal: AbortSignal, limit: AbortSignal): unknown {
  if (!signal.aborted) return error;
  return signal.reason === limit.reason ? limit.reason : GONE;
}

/** Who asks. A token of one foundation says nothing at another, whatever scopes it has: who asks about several must be known to each. */
async function callerOf(
  [site, ...others]: readonly [Site, ...Site[]],
  authorization: string | undefined,
): Promise<Caller> {
  if (others.length === 0) return site.identify(authorization);
  const answers = await Promise.allSettled(
    [site, ...others].map((each) => each.identify(authorization)),
  );
  const known = answers.filter(({ status }) => status === 'fulfilled');
  const [first] = answers;
  if (first?.status === 'rejected' && known.length === 0) throw first.reason;
  if (first?.status === 'fulfilled' && known.length === answers.length) return first.value;
  throw new ArchiveError(
    'QUERY_INVALID',
    'foundation is missing: there are several, and your token is not known to all; name one',
  );
}

/** The bytes of a stream; the last of them only when the question is on record. */
async function* recorded(
  { status, facts }: Reply,
  chunks: AsyncIterable<Uint8Array>,
  record: (status: number, outcome: string, facts: ReplyFacts) => Promise<void>,
  leave: () => void,
): AsyncGenerator<Uint8Array> {
  let outcome = 'aborted';
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of chunks) {
      if (held !== undefined) yield held;
      held = chunk;
    }
    outcome = 'answered';
    await record(status, outcome, facts());
    if (held !== undefined) yield held;
  } catch (error) {
    if (outcome !== 'answered') outcome = outcomeOf(error);
    throw error;
  } finally {
    leave();
    if (outcome !== 'answered') await record(status, outcome, facts());
  }
}

async function logged(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    throw new ArchiveError(
      'QUERY_LOG_FAILED',
      'the question cannot be put on record, so it is not answered; ask again in a minute',
      { cause },
    );
  }
}

function purposeOf(ticket: string | undefined): string | undefined {
  if (ticket === undefined || ticket === '') return undefined;
  if (ticket.length <= MAX_PURPOSE) return ticket;
  throw apiError('InvalidRequest');
}

/** Tell an error, and nothing of how it came about. */
export function failure({ ports }: HttpServer, error: unknown): Response {
  const told = toApiError(error);
  if (told === undefined) ports.onFault(error);
  const retryAfter = retryAfterOf(error, ports.now());
  return errorResponse(
    told ?? apiError('UnknownError'),
    retryAfter === undefined ? {} : { 'Retry-After': String(Math.max(1, retryAfter)) },
  );
}
