import { expect, it } from '@jest/globals';
import { type Day, dayOf, daySchema, daysFrom } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { growingGroups, inWindows } from '../../lib/engine/growing-groups.ts';
import type { ListedPart } from '../../lib/query/ports.ts';

const DAYS = daysFrom(daySchema.parse('2026-01-01'), daySchema.parse('2026-04-10'));

const aPart = (dt: Day, bytes: number): ListedPart => ({
  key: dt,
  foundation: foundationNameSchema.parse('eu-1'),
  dt,
  bytes,
  modifiedAt: new Date(0),
});

const sizes = (bytes: (index: number) => number, limit?: number, order = 'oldest' as const) =>
  growingGroups(
    DAYS.map((dt, index) => aPart(dt, bytes(index))),
    { order },
    limit,
  ).map((group) => group.length);

it('grow for a page: most are full after the first', () => {
  expect(sizes(() => 1, 50)).toEqual([16, 64, 20]);
});

it('stay as small as few days for all rows, and as few bytes as are sorted in memory', () => {
  expect(sizes(() => 1)).toEqual([16, 16, 16, 16, 16, 16, 4]);
  expect(sizes(() => 5e6)).toEqual([...Array(33).fill(3), 1]);
  expect(sizes((index) => (index === 1 ? 1e9 : 16e6 / 100)).slice(0, 3)).toEqual([1, 1, 16]);
});

it.each([
  ['newest', ['09-10: 08 09', '05-09: 04 05 08 09', '01-05: 03 04 05']],
  ['oldest', ['01-05: 03 04 05', '05-09: 04 05 08 09', '09-10: 08 09']],
] as const)(
  'have a window each, and the parts of the days beside it, %s first',
  (order, expected) => {
    const groups = [['03', '04'], ['05', '08'], ['09']].map((group) =>
      group.map((day) => aPart(daySchema.parse(`2026-04-${day}`), 1)),
    );
    const query = { from: new Date('2026-04-01'), to: new Date('2026-04-10T12:00Z'), order };
    const inOrder =
      order === 'oldest' ? groups : groups.toReversed().map((group) => group.toReversed());

    const windows = inWindows(inOrder, query).map(({ window, parts }) => {
      const days = parts.map(({ dt }) => dt.slice(-2)).sort();
      return `${dayOf(window.from).slice(-2)}-${dayOf(window.to).slice(-2)}: ${days.join(' ')}`;
    });

    expect(windows).toEqual(expected);
  },
);

it('are in the order of the query, and hold every part once', () => {
  const parts = DAYS.map((dt) => aPart(dt, 7e6));

  expect(growingGroups(parts, { order: 'newest' }, undefined).flat()).toEqual(parts.toReversed());
});
