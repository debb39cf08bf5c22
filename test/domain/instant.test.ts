import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  earlierOf,
  floorToSecond,
  instantSchema,
  plusMs,
  SECOND_PATTERN,
  secondText,
} from '../../lib/domain/instant.ts';

const anyInstant = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('secondText', () => {
  it('cuts off a part of a second, as Cloud Controller does', () => {
    expect(secondText(new Date('2026-03-01T12:00:00.999Z'))).toBe('2026-03-01T12:00:00Z');
  });

  it('writes the only form that Cloud Controller accepts, of the second that holds the instant', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const text = secondText(instant);

        expect(text).toMatch(SECOND_PATTERN);
        expect(new Date(text)).toEqual(floorToSecond(instant));
      }),
    );
  });
});

describe('floorToSecond', () => {
  it('goes down also before 1970', () => {
    expect(floorToSecond(new Date(-1))).toEqual(new Date(-1000));
  });
});

describe('earlierOf', () => {
  it('does not care for the order', () => {
    const [early, late] = [new Date(1), new Date(2)];

    expect([earlierOf(early, late), earlierOf(late, early)]).toEqual([early, early]);
  });
});

describe('plusMs', () => {
  it('leaves the instant that it was given as it is', () => {
    const instant = new Date(5);

    expect(plusMs(instant, -3)).toEqual(new Date(2));
    expect(instant).toEqual(new Date(5));
  });
});

describe('instantSchema', () => {
  it.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5Z', '2026-03-01T12:00:00.500Z'],
    ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(instantSchema.parse(text)).toEqual(new Date(expected));
  });

  it.each([
    '2026-03-01',
    '2026-03-01T12:00:00',
    '2026-02-30T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '1',
    'now',
  ])('refuses %s, which is no instant or another one elsewhere', (text) => {
    expect(instantSchema.safeParse(text).success).toBe(false);
  });
});
