import type { EventQuery } from '../domain/event-query.ts';
import type { ListedPart } from '../query/ports.ts';

/** Days in the first group, and how much larger each next group is. */
const FIRST_DAYS = 16;
const GROWTH = 4;

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
  const days = Map.groupBy(parts, ({ dt }) => dt);
  const sorted = [...days.keys()].sort((a, b) => (a < b ? -sign : sign));
  const groups: ListedPart[][] = [];
  let size = FIRST_DAYS;
  for (let from = 0; from < sorted.length; ) {
    groups.push(sorted.slice(from, from + size).flatMap((day) => days.get(day) ?? []));
    from += size;
    if (limit !== undefined) size *= GROWTH;
  }
  return groups;
}
