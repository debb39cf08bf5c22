import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { startOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { type SearchContext, type Survey, survey } from '../query/search-events.ts';
import { VERSION } from '../version.ts';
import { coverageHeaders } from './coverage-headers.ts';
import type { Reply } from './reply.ts';

/**
 * The tag of an answer about days that are over: the same question over the same parts has the same answer. Undefined while a day is open, and when the range reaches today, which moves with the clock.
 *
 * @param asked - everything else that the answer depends on
 */
function etagOf(
  { coverage, parts }: Survey,
  { visibility, today }: SearchContext,
  { from, to }: EventQuery,
  asked: readonly string[],
): string | undefined {
  if (coverage.days.open > 0 || to > startOf(today)) return undefined;
  const keys = parts.map(({ key }) => key);
  const hash = createHash('sha256').update(
    JSON.stringify([VERSION, asked, from, to, visibility, coverage, keys]),
  );
  return `"${hash.digest('base64url')}"`;
}

/**
 * The answer about what there is to read, or 304 for whoever has it already.
 *
 * @param asked - everything that the answer depends on besides what is read and what may be seen
 * @param answer - is given what there is to read, and the tag of the answer
 */
export async function unlessHeld(
  context: SearchContext,
  c: Context,
  query: EventQuery,
  asked: readonly string[],
  answer: (surveyed: Survey, etag: string | undefined) => Promise<Reply>,
): Promise<Reply> {
  const surveyed = await survey(context, query);
  const etag = etagOf(surveyed, context, query, asked);
  return notModified(c.req.header('if-none-match'), etag, surveyed) ?? answer(surveyed, etag);
}

/** An answer may be kept, but what somebody may see can change: it is asked for again each time, and then costs nothing. */
export const cacheHeaders = (etag: string | undefined): Record<string, string> =>
  etag === undefined
    ? { 'Cache-Control': 'no-store' }
    : { ETag: etag, 'Cache-Control': 'private, no-cache' };

/** The answer to whoever has it already; undefined: it must be made. */
function notModified(
  ifNoneMatch: string | undefined,
  etag: string | undefined,
  { coverage }: Survey,
): Reply | undefined {
  const held = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (etag === undefined || !held.includes(etag)) return undefined;
  return {
    status: 304,
    headers: { ...cacheHeaders(etag), ...coverageHeaders(coverage) },
    body: null,
    facts: () => ({ rows: 0, coverage }),
  };
}
