import { DAY_MS, type Day, dayOf, startOf } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { listChain } from './chain-head.ts';

/**
 * How far before the previous link's day a run may have begun that was still at work when that link was made.
 * A run report, or an object of the query log, that appears later than this is never named, and `verify` says so.
 */
const LOOKBACK_DAYS = 7;

/** The oldest day of which the link after this one looks for new run reports, questions and rolled days. */
export const lookbackFrom = (day: Day): Day =>
  dayOf(new Date(startOf(day).getTime() - LOOKBACK_DAYS * DAY_MS));

/** The oldest day of which the next link will name what is new; undefined: any, for it is the first. */
export async function firstDayInSight(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<Day | undefined> {
  const head = (await listChain(store, foundation)).digests.at(-1);
  return head && lookbackFrom(head);
}
