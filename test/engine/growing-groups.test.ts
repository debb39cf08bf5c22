import { expect, it } from '@jest/globals';
import { type Day, daySchema, daysFrom } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { growingGroups } from '../../lib/engine/growing-groups.ts';
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

it('are in the order of the query, and hold every part once', () => {
  const parts = DAYS.map((dt) => aPart(dt, 7e6));

  expect(growingGroups(parts, { order: 'newest' }, undefined).flat()).toEqual(parts.toReversed());
});
