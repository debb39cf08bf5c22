import { nextDay, startOf } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { ListedPart } from '../query/ports.ts';
import { partitionsOf, type TimeRange } from './partitions.ts';

/** Days in the first group, and how much larger each next group is. */
const FIRST_DAYS = 16;
const GROWTH = 4;

/** Compressed bytes of a group, where all rows are asked for: sorted, they are about ten times as many. A larger day is a group by itself. */
const MOST_BYTES = 16e6;

/**
 * Parts in groups of days, in the order of the query. For a page they grow: most pages are full after the first few days. For all rows they do not: no more than a group is sorted at once.
 *
 * A day is never divided.
 */
export function growingGroups(
  parts: readonly ListedPart[],
  { order }: Pick<EventQuery, 'order'>,
  limit: number | undefined,
): ListedPart[][] {
  const sign = order === 'newest' ? -1 : 1;
  const days = [...Map.groupBy(parts, ({ dt }) => dt)]
    .sort(([a], [b]) => (a < b ? -sign : sign))
    .map(([, own]) => own);
  return limit === undefined ? boundedGroups(days) : ofGrowingSize(days);
}

/** Parts, and the part of a query's range of which they have every row. */
export interface GroupInWindow {
  readonly window: TimeRange;
  readonly parts: readonly ListedPart[];
}

/**
 * Groups of whole days, in the order of the query, as disjoint windows that together are the query's: borders lie on UTC days.
 *
 * A misplaced event comes in the window in which it is shown, so a group has the parts beside its own as well.
 */
export function inWindows(
  groups: readonly (readonly ListedPart[])[],
  query: Pick<EventQuery, 'from' | 'to' | 'order'>,
): GroupInWindow[] {
  const parts = groups.flat();
  const isNewestFirst = query.order === 'newest';
  const borders = groups
    .slice(0, -1)
    .flatMap((group) => group.slice(-1))
    .map(({ dt }) => (isNewestFirst ? startOf(dt) : startOf(nextDay(dt))));
  return groups.map((_, index) => {
    const [before, behind] = [borders[index - 1], borders[index]];
    const [start, end] = isNewestFirst ? [behind, before] : [before, behind];
    const window = { from: start ?? query.from, to: end ?? query.to };
    const { first, last } = partitionsOf(query, window, undefined);
    return { window, parts: parts.filter(({ dt }) => dt >= first && dt <= last) };
  });
}

function ofGrowingSize(days: readonly ListedPart[][]): ListedPart[][] {
  const groups: ListedPart[][] = [];
  for (let from = 0, size = FIRST_DAYS; from < days.length; from += size, size *= GROWTH) {
    groups.push(days.slice(from, from + size).flat());
  }
  return groups;
}

function boundedGroups(days: readonly ListedPart[][]): ListedPart[][] {
  const groups: ListedPart[][] = [];
  let [size, bytes] = [0, 0];
  for (const day of days) {
    const more = day.reduce((sum, part) => sum + part.bytes, 0);
    const last = groups.at(-1);
    if (last === undefined || size === FIRST_DAYS || bytes + more > MOST_BYTES) {
      groups.push([...day]);
      [size, bytes] = [1, more];
    } else {
      last.push(...day);
      [size, bytes] = [size + 1, bytes + more];
    }
  }
  return groups;
}
