import { describe, expect, it } from '@jest/globals';
import { askedRange, type RangeWords } from '../../lib/query/asked-range.ts';

const NOW = new Date('2026-03-29T12:34:56Z');

const rangeText = (words: RangeWords): [string | undefined, string] => {
  const { from, to } = askedRange(words, NOW);
  return [from?.toISOString().slice(0, 19), to.toISOString().slice(0, 19)];
};

const BERLIN = 'Europe/Berlin';

describe('askedRange', () => {
  it.each<[RangeWords, [string | undefined, string]]>([
    [{}, [undefined, '2026-03-30T00:00:00']],
    [{ today: true }, ['2026-03-29T00:00:00', '2026-03-30T00:00:00']],
    [{ yesterday: true }, ['2026-03-28T00:00:00', '2026-03-29T00:00:00']],
    // The clocks of Berlin go forward on this day: it is 23 hours long.
    [{ today: true, timeZone: BERLIN }, ['2026-03-28T23:00:00', '2026-03-29T22:00:00']],
    [{ yesterday: true, timeZone: BERLIN }, ['2026-03-27T23:00:00', '2026-03-28T23:00:00']],
    [{ last: '7d' }, ['2026-03-22T12:34:56', '2026-03-29T12:34:56']],
    [{ last: '90m' }, ['2026-03-29T11:04:56', '2026-03-29T12:34:56']],
    [{ month: '2026-02' }, ['2026-02-01T00:00:00', '2026-03-01T00:00:00']],
    [{ month: '2025-10', timeZone: BERLIN }, ['2025-09-30T22:00:00', '2025-10-31T23:00:00']],
    // Nothing can be missing of days that have not come.
    [{ month: '2026-03' }, ['2026-03-01T00:00:00', '2026-03-30T00:00:00']],
    [{ from: '2026-03-01', to: '9999-12-31' }, ['2026-03-01T00:00:00', '2026-03-30T00:00:00']],
    [
      { from: '2026-03-01', to: '2026-03-02T12:00:00+02:00', timeZone: 'America/New_York' },
      ['2026-03-01T05:00:00', '2026-03-02T10:00:00'],
    ],
  ])('%j', (words, range) => {
    expect(rangeText(words)).toEqual(range);
  });

  it('says the same words for the same question, whenever it is asked', () => {
    const later = new Date(NOW.getTime() + 60_000);

    expect(askedRange({ last: '7d' }, later).words).toBe(askedRange({ last: '7d' }, NOW).words);
    expect(askedRange({ last: '8d' }, NOW).words).not.toBe(askedRange({ last: '7d' }, NOW).words);
  });

  it.each<[RangeWords, string]>([
    [{ today: true, month: '2026-03' }, 'today and month exclude each other'],
    [{ last: '7d', from: '2026-03-01' }, 'last and from/to exclude each other'],
    [{ last: '0d' }, 'last 0d: write a whole number'],
    [{ from: '2026-02-30' }, 'from 2026-02-30: write a UTC day'],
    [{ to: 'x', timeZone: BERLIN }, 'to x: write a day such as'],
    [{ from: '2026-03-02', to: '2026-03-02' }, 'from must be earlier than to'],
    [{ month: '2026-04' }, 'month lies in the future'],
    [{ month: '--a-b' }, 'month --a-b: write a month'],
    [{ timeZone: 'Nowhere' }, 'time-zone Nowhere: write a time zone'],
  ])('refuses %j', (words, message) => {
    expect(() => askedRange(words, NOW)).toThrow(message);
  });
});
