import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import type { ObjectStore, StoredObject } from '../../lib/domain/object-store.ts';
import { listParts } from '../../lib/query/list-parts.ts';

const FOUNDATION = foundationNameSchema.parse('eu-1');
const DAYS = ['2024-12-31', '2025-01-01', '2025-02-28', '2025-03-01', '2025-12-31', '2026-01-01'];

/** A store that only lists, and remembers what it was asked for. */
function aStore(): Pick<ObjectStore, 'list'> & { readonly asked: string[] } {
  const keys = DAYS.flatMap((day) =>
    [0, 1].map((revision) => partKey(FOUNDATION, daySchema.parse(day), revision)),
  );
  const asked: string[] = [];
  return {
    asked,
    async *list(prefix): AsyncGenerator<StoredObject> {
      asked.push(prefix);
      for (const key of [...keys, `${prefix}not-a-part`]) {
        if (key.startsWith(prefix)) yield { key, bytes: 7, modifiedAt: new Date(0) };
      }
    },
  };
}

describe('listParts', () => {
  it.each([
    ['2025-01-01', '2025-01-01T00:00:00.001Z', ['2025-01-01'], 1],
    ['2025-01-01', '2025-03-01', ['2025-01-01', '2025-02-28'], 2],
    ['2024-12-31', '2025-03-01T00:00:01Z', DAYS.slice(0, 4), 2],
    ['2025-01-02', '2026-01-01', ['2025-02-28', '2025-03-01', '2025-12-31'], 1],
    ['2020-01-01', '2027-01-01', DAYS, 7],
  ])('from %s to %s finds all parts of %j in %d listings', async (from, to, days, listings) => {
    const store = aStore();

    const parts = await listParts(store as unknown as ObjectStore, {
      foundations: [FOUNDATION],
      from: new Date(from),
      to: new Date(to),
    });

    expect(parts.map(({ dt }) => dt)).toEqual(days.flatMap((day) => [day, day]));
    expect(store.asked).toHaveLength(listings);
  });
});
