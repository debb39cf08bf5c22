import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DAY_MS,
  type Day,
  dayOf,
  daySchema,
  daysFrom,
  monthsFrom,
  nextDay,
  startOf,
  windowOf,
} from '../../lib/domain/day.ts';

const day = (text: string): Day => daySchema.parse(text);

const anyInstant = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-30T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('daySchema', () => {
  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-3-1',
    '20260301',
    '2026-03-01T00:00:00Z',
    ' 2026-03-01',
    '',
  ])('refuses %j', (text) => {
    expect(daySchema.safeParse(text).success).toBe(false);
  });

  it('takes a leap day', () => {
    expect(daySchema.safeParse('2024-02-29').success).toBe(true);
  });
});

describe('dayOf', () => {
  it.each([
    ['2026-03-01T00:00:00.000Z', '2026-03-01'],
    ['2026-03-01T23:59:59.999Z', '2026-03-01'],
    ['2026-03-01T23:30:00-01:00', '2026-03-02'],
  ])('of %s is %s, in UTC', (instant, expected) => {
    expect(dayOf(new Date(instant))).toBe(expected);
  });

  it('is the one day whose window holds the instant', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const { from, to } = windowOf(dayOf(instant));

        expect(from <= instant && instant < to).toBe(true);
        expect(to.getTime() - from.getTime()).toBe(DAY_MS);
      }),
    );
  });
});

describe('windowOf', () => {
  it('ends where the next day begins', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const today = dayOf(instant);

        expect(windowOf(today).to).toEqual(startOf(nextDay(today)));
      }),
    );
  });

  it.each([
    ['2024-02-28', '2024-02-29'],
    ['2025-02-28', '2025-03-01'],
    ['2026-12-31', '2027-01-01'],
  ])('knows that %s is followed by %s', (today, tomorrow) => {
    expect(nextDay(day(today))).toBe(tomorrow);
  });
});

describe('daysFrom', () => {
  it('lists both ends and every day between', () => {
    expect(daysFrom(day('2026-02-27'), day('2026-03-02'))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  it('is one day when both ends are the same, and none when they are the wrong way round', () => {
    expect(daysFrom(day('2026-03-01'), day('2026-03-01'))).toEqual(['2026-03-01']);
    expect(daysFrom(day('2026-03-02'), day('2026-03-01'))).toEqual([]);
  });
});

describe('monthsFrom', () => {
  it('names each month that is touched once', () => {
    expect(monthsFrom(day('2025-12-31'), day('2026-02-01'))).toEqual([
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
  });
});
