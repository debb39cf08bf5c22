import type { Position } from '../domain/cursor.ts';
import { DAY_MS, dayOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { earlierOf, laterOf, plusMs } from '../domain/instant.ts';
import type { DayRange } from '../query/ports.ts';

/** Half-open. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The partitions in which rows of a query lie that are shown in a window of its range, behind a position.
 *
 * A misplaced event lies within a day of its own: one day more is looked at on either side, as far as the query's own days go.
 */
export function partitionsOf(
  { from, to, order }: Pick<EventQuery, 'from' | 'to' | 'order'>,
  window: TimeRange,
  after: Position | undefined,
): DayRange {
  const end = plusMs(window.to, -1);
  const isNewestFirst = order === 'newest';
  const oldest = after && !isNewestFirst ? laterOf(window.from, after.createdAt) : window.from;
  const newest = after && isNewestFirst ? earlierOf(end, after.createdAt) : end;
  return {
    first: dayOf(laterOf(plusMs(oldest, -DAY_MS), from)),
    last: dayOf(earlierOf(plusMs(newest, DAY_MS), plusMs(to, -1))),
  };
}
