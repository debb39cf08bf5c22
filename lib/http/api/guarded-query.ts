import type { EventQuery } from '../../domain/event-query.ts';
import { type AskedSize, type AskedWords, askedQuery } from '../../query/asked-query.ts';
import { archiveBegin } from '../../query/search-events.ts';
import type { Question } from '../ask.ts';
import { guardRange } from '../guard-range.ts';

/** The question that words ask. @throws ArchiveError QUERY_INVALID; QUERY_TOO_LARGE when its range is longer than the operator allows */
export async function guardedQuery(
  { context, foundations, server, now }: Question,
  words: AskedWords,
  size: AskedSize = {},
): Promise<EventQuery> {
  const query = await askedQuery(context, [...foundations], words, size, now);
  guardRange(server.options, query, await archiveBegin(context, query.foundations));
  return query;
}
