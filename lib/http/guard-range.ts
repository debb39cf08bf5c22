import { DAY_MS } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { laterOf } from '../domain/instant.ts';
import type { HttpOptions } from './ports.ts';

/**
 * Refuse a range that is longer than the operator allows. What lies before the archive's first day costs nothing and does not count.
 *
 * @throws ArchiveError QUERY_TOO_LARGE
 */
export function guardRange(
  { maxRangeMs }: HttpOptions,
  { from, to }: Pick<EventQuery, 'from' | 'to'>,
  begin: Date,
): void {
  const length = to.getTime() - laterOf(from, begin).getTime();
  if (maxRangeMs === undefined || length <= maxRangeMs) return;
  throw new ArchiveError(
    'QUERY_TOO_LARGE',
    `this question is about ${Math.ceil(length / DAY_MS)} days, and max_range allows ${Math.floor(maxRangeMs / DAY_MS)}: ask for a shorter range`,
  );
}
