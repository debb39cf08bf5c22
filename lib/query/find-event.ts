import type { EventRow } from '../domain/columns.ts';
import { type Coverage, summarizeCoverage } from '../domain/coverage.ts';
import { type Day, dayOf } from '../domain/day.ts';
import { eventQuerySchema } from '../domain/event-query.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { horizonOf } from './horizon.ts';
import { type SearchContext, searchEvents } from './search-events.ts';

export interface FoundEvent {
  /** Undefined: there is none that one may see. */
  readonly event: EventRow | undefined;
  /** Of the event's day; of every day that it might have been on, when it was not found. */
  readonly coverage: Coverage;
}

/**
 * The event of a GUID, in the first of the foundations that has it.
 *
 * @throws ArchiveError as `searchEvents` does
 */
export async function findEvent(
  context: SearchContext,
  foundations: readonly FoundationName[],
  guid: string,
): Promise<FoundEvent> {
  for (const foundation of foundations) {
    const query = eventQuerySchema.safeParse({
      foundations: [foundation],
      ...(await horizonOf(context, [foundation])),
      openRange: true,
      guids: [guid],
      limit: 1,
    });
    // No event has such a GUID.
    if (!query.success) break;
    const { events } = await searchEvents(context, query.data);
    const [event] = events;
    if (event === undefined) continue;
    const day = event.created_at === null ? undefined : dayOf(event.created_at);
    return { event, coverage: await coverageOf(context, [foundation], day) };
  }
  return { event: undefined, coverage: await coverageOf(context, foundations) };
}

const coverageOf = async (
  { coverage, today }: SearchContext,
  foundations: readonly FoundationName[],
  day?: Day,
): Promise<Coverage> =>
  summarizeCoverage(
    (await Promise.all(foundations.map((name) => coverage(name, day, day ?? today)))).flat(),
  );
