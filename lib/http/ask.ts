import type { Context } from 'hono';
import { ApiError, apiError } from '../cloud-controller-api/api-error.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Caller } from '../identity/caller.ts';
import { ScanMeter } from '../query/metered-engine.ts';
import type { SearchContext } from '../query/search-events.ts';
import { boundedEngine } from './bounded-engine.ts';
import type { HttpOptions, Site } from './ports.ts';
import { outcomeWord, retryAfterOf, toApiError } from './problem.ts';
import { type PutOnRecord, recordOf, startedOnce } from './record.ts';
import { errorResponse, isStream, type Reply, withinBytes, withoutBody } from './reply.ts';
import { contextOf, type HttpServer, type Patience } from './server.ts';
import { streamedBody } from './streamed-body.ts';

/** A question whose asker is known. */
export interface Question {
  readonly server: HttpServer;
  readonly foundations: readonly FoundationName[];
  readonly caller: Caller;
  readonly context: SearchContext;
  readonly now: Date;
  /** Puts it on record as started, the first time: for what is read before anything is sent. Throws ArchiveError QUERY_LOG_FAILED. */
  readonly started: (status: number) => Promise<void>;
}

const MAX_PURPOSE = 256;

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
  // A GUID is one UAA's: it may be somebody else's at another.
  const user = `${site.name}/${caller.userGuid}`;
  const refusal = server.questions.count(user, now);
  if (refusal !== undefined && !refusal.isFirst) throw refusal.error;
  const ticket = c.req.header('x-ticket') || undefined;
  const limit = AbortSignal.timeout(patienceMs(server, c, patience));
  const signal = AbortSignal.any([limit, c.req.raw.signal]);

  const meter = new ScanMeter();
  const record = recordOf(server, c, {
    sites,
    caller,
    user,
    at: now,
    purpose: ticket?.slice(0, MAX_PURPOSE),
    meter,
  });
  const started = startedOnce(record);

  const longest = longestAnswer(options, patience);

  let leave = (): void => undefined;
  try {
    if (refusal !== undefined) throw refusal.error;
    checkPurpose(ticket);
    scans.check(user, now);
    leave = await slots.take(user, signal);
    const visibility = await site.visibility(caller, signal);
    const found = contextOf(server, now, visibility, caller.userGuid, signal);
    const engine = boundedEngine(meter.over(found.engine), longest);
    const context = { ...found, engine };
    const foundations = sites.map(({ name }) => name);
    const made = await server.turns[patience](
      () => answer({ server, foundations, caller, context, now, started }),
      signal,
    );
    const reply =
      c.req.raw.method === 'HEAD' ? await withoutBody(made) : await withinBytes(made, longest);
    if (isStream(reply.body)) {
      return await stream(reply, reply.body, record, {
        started,
        signal,
        outcome: (error) => outcomeWord(causeOf(error ?? GONE, signal, limit)),
        onEnd: leave,
        onFault: ports.onFault,
      });
    }
    await record(reply.status, reply.outcome ?? 'answered', reply.facts());
    leave();
    return new Response(reply.body, { status: reply.status, headers: reply.headers });
  } catch (error) {
    leave();
    if (error instanceof ArchiveError && error.code === 'QUERY_LOG_FAILED') throw error;
    const cause = causeOf(error, signal, limit);
    const told = toApiError(cause);
    await record((told ?? apiError('UnknownError')).status, outcomeWord(cause));
    // What a signal throws is no fault of ours, and of a caller who went away nobody reads the answer.
    if (signal.aborted) throw told ?? apiError('UnknownError');
    throw cause;
  }
}

/** How long an answer may take: what the operator allows, and no longer than there is time for it. */
function patienceMs({ ports, options }: HttpServer, c: Context, patience: Patience): number {
  const allowed = patience === 'page' ? options.timeoutMs : options.exportTimeoutMs;
  return Math.max(0, Math.min(allowed, ports.timeLeftMs?.(c.env) ?? allowed));
}

const GONE = new DOMException('the caller went away', 'AbortError');

/** Why a question came to nothing: whatever fails because it was ended, it was ended by its time or its caller. */
function causeOf(error: unknown, signal: AbortSignal, limit: AbortSignal): unknown {
  if (!signal.aborted) return error;
  return signal.reason === limit.reason ? limit.reason : GONE;
}

/** Who asks. Whoever asks about several foundations must be known to each. */
async function callerOf(
  [site, ...others]: readonly [Site, ...Site[]],
  authorization: string | undefined,
): Promise<Caller> {
  const [caller] = await Promise.all([
    site.identify(authorization),
    ...others.map((each) => each.identify(authorization)),
  ]);
  return caller;
}

interface StreamOptions {
  readonly started: Question['started'];
  readonly signal: AbortSignal;
  /** What the log calls the end that an error is. */
  readonly outcome: (error: unknown) => string;
  /** Called when nothing is made any more. */
  readonly onEnd: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * A reply that is sent while it is made. It is on record as started before its first byte is given, and as what came of it before its last one.
 */
async function stream(
  { status, headers, facts }: Reply,
  chunks: AsyncIterable<Uint8Array>,
  record: PutOnRecord,
  { started, signal, outcome, onEnd, onFault }: StreamOptions,
): Promise<Response> {
  const told = (recording: Promise<void>): Promise<void> =>
    recording.catch((error) => {
      onFault(error);
      throw error;
    });
  try {
    await started(status);
  } catch (error) {
    await chunks[Symbol.asyncIterator]().return?.();
    throw error;
  }
  const body = streamedBody(chunks, {
    signal,
    whole: async () => {
      onEnd();
      await told(record(status, 'answered', facts()));
    },
    broken: async (error) => {
      onEnd();
      await told(record(status, outcome(error), facts())).catch(() => undefined);
    },
  });
  return new Response(body, { status, headers });
}

/** Bytes of an answer; undefined: any number. */
function longestAnswer(
  { maxAnswerBytes, maxPageBytes }: HttpOptions,
  patience: Patience,
): number | undefined {
  const limits = [maxAnswerBytes, patience === 'page' ? maxPageBytes : undefined];
  const least = Math.min(...limits.filter((limit) => limit !== undefined));
  return Number.isFinite(least) ? least : undefined;
}

/** @throws ApiError InvalidRequest */
function checkPurpose(ticket: string | undefined): void {
  if (ticket === undefined || ticket.length <= MAX_PURPOSE) return;
  throw new ApiError(
    'InvalidRequest',
    `The request is invalid: X-Ticket is longer than ${MAX_PURPOSE} characters`,
  );
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
