import { describe, expect, it } from '@jest/globals';
import { parseDuration } from '../../lib/config/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['4h', 14_400_000],
    ['31d', 2_678_400_000],
  ])('reads %s as %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '4',
    'h',
    '4 h',
    ' 4h',
    '4h ',
    '-4h',
    '+4h',
    '1.5h',
    '4H',
    '4ms',
    '1h30m',
    '4h\n',
    '٤h',
    '9999999999s',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
