import { DAY_MS, startOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';
import { archiveBegin, type SearchContext } from './search-events.ts';

/** Where the archive's knowledge ends. */
export interface Horizon {
  readonly from: Date;
  readonly to: Date;
}

/** From the first day that the archive knows to the end of today. */
export const horizonOf = async (
  context: Pick<SearchContext, 'coverage' | 'today'>,
  foundations: EventQuery['foundations'],
): Promise<Horizon> => ({
  from: await archiveBegin(context, foundations),
  to: plusMs(startOf(context.today), DAY_MS),
});
