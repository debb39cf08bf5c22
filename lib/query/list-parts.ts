import { dayOf, monthsFrom } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { plusMs } from '../domain/instant.ts';
import { eventsPrefix, parseRevisionKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { ListedPart } from './ports.ts';

/** Every part of the days that a query's range touches, ascending by foundation and day: one listing a month. */
export async function listParts(
  store: ObjectStore,
  { foundations, from, to }: Pick<EventQuery, 'foundations' | 'from' | 'to'>,
): Promise<ListedPart[]> {
  const [first, last] = [dayOf(from), dayOf(plusMs(to, -1))];
  const listings = foundations.flatMap((foundation) =>
    monthsFrom(first, last).map(async (month) => {
      const parts: ListedPart[] = [];
      for await (const { key, bytes, modifiedAt } of store.list(
        `${eventsPrefix(foundation)}dt=${month}-`,
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
