import { DAY_MS, startOf } from '../../domain/day.ts';
import type { FoundationName } from '../../domain/foundation.ts';
import { plusMs } from '../../domain/instant.ts';
import { archiveBegin, type SearchContext } from '../../query/search-events.ts';
import type { Horizon } from './events-question.ts';

/** From the first day that the archive knows to the end of today. */
export const horizonOf = async (
  context: SearchContext,
  foundation: FoundationName,
): Promise<Horizon> => ({
  from: await archiveBegin(context, [foundation]),
  to: plusMs(startOf(context.today), DAY_MS),
});
