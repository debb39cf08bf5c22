import { dayOf, monthsFrom } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';
import { eventsPrefix, parseRevisionKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { ListedPart } from './ports.ts';

/** A listing gives a thousand parts at once: that of a year costs no more than that of a month. */
const MOST_MONTHS = 3;

/** Every part of the days that a query's range touches, ascending by foundation and day: one listing a month, or a year when the range is long. */
export async function listParts(
  store: ObjectStore,
  { foundations, from, to }: Pick<EventQuery, 'foundations' | 'from' | 'to'>,
): Promise<ListedPart[]> {
  const [first, last] = [dayOf(from), dayOf(plusMs(to, -1))];
  const months = monthsFrom(first, last);
  const periods =
    months.length <= MOST_MONTHS ? months : [...new Set(months.map((month) => month.slice(0, 4)))];
  const listings = foundations.flatMap((foundation) =>
    periods.map(async (period) => {
      const parts: ListedPart[] = [];
      for await (const { key, bytes, modifiedAt } of store.list(
        `${eventsPrefix(foundation)}dt=${period}-`,
      )) {
        const dt = parseRevisionKey(key)?.day;
        if (dt !== undefined && dt >= first && dt <= last)
          parts.push({ key, foundation, dt, bytes, modifiedAt });
      }
      return parts;
    }),
  );
  return (await Promise.all(listings)).flat();
}
