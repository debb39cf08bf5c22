import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';

const DAY_MS = 86_400_000;

/** Most questions are about something recent, or about something rare: three looks nearby cost little, and the fourth finds the rest. */
const STEPS_DAYS = [1, 7, 30, 365];

/**
 * Disjoint half-open ranges that together are the query's, in its order, growing: a query nobody gave a range looks at few bytes first.
 *
 * A query with a range is one window. Borders lie on UTC days, where partitions do.
 */
export function growingWindows(query: EventQuery): { from: Date; to: Date }[] {
  const { from, to, openRange, order } = query;
  if (!openRange || order !== 'newest') return [{ from, to }];
  const windows: { from: Date; to: Date }[] = [];
  let end = to;
  for (const days of STEPS_DAYS) {
    if (end <= from) return windows;
    const border = new Date(Math.floor((end.getTime() - 1) / DAY_MS) * DAY_MS);
    const start = plusMs(border, -(days - 1) * DAY_MS);
    windows.push({ from: start < from ? from : start, to: end });
    end = start;
  }
  if (end > from) windows.push({ from, to: end });
  return windows;
}
