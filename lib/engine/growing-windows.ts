import type { Position } from '../domain/cursor.ts';
import { DAY_MS } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';
import type { ListedPart } from '../query/ports.ts';
import { partitionsOf, type TimeRange } from './partitions.ts';

/** Most questions are about something recent, or about something rare: three looks nearby cost little, and the fourth finds the rest. */
const STEPS_DAYS = [1, 7, 30, 365];

/**
 * Disjoint half-open ranges that together are the query's, in its order, growing: a query nobody gave a range looks at few bytes first.
 *
 * A query with a range is one window. Borders lie on UTC days, where partitions do. Windows of which no part can hold a row, and those before the position, are left out.
 */
export function growingWindows(
  query: EventQuery,
  parts: readonly ListedPart[],
  after: Position | undefined,
): TimeRange[] {
  const { from, to, openRange, order } = query;
  if (!openRange || order !== 'newest') return [{ from, to }];
  return stepsBack(from, to).filter((window) => {
    const { first, last } = partitionsOf(query, window, after);
    const isBehind = after === undefined || window.from <= after.createdAt;
    return isBehind && parts.some(({ dt }) => dt >= first && dt <= last);
  });
}

function stepsBack(from: Date, to: Date): TimeRange[] {
  const windows: TimeRange[] = [];
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
