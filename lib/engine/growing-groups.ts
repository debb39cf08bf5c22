import type { EventQuery } from '../domain/event-query.ts';
import type { ListedPart } from '../query/ports.ts';

/** Days in the first group, and how much larger each next group is. */
const FIRST_DAYS = 16;
const GROWTH = 4;

/** Compressed bytes of a group, where all rows are asked for: sorted, they are about ten times as many. A larger day is a group by itself. */
const MOST_BYTES = 16e6;

/**
 * Parts in groups of days, in the order of the query. For a page they grow: most pages are full after the first few days. For all rows they do not: no more than a group is sorted at once.
 *
 * A day is never divided. An event that lies in another day's partition than its own comes with the group of that partition.
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
