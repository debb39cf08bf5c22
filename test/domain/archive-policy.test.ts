import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ArchivePolicy,
  beganBefore,
  closedDays,
  closesAt,
  nextStep,
  oldestKept,
} from '../../lib/domain/archive-policy.ts';
import { DAY_MS, type Day, dayOf, daySchema, nextDay, windowOf } from '../../lib/domain/day.ts';

const HOUR_MS = 3_600_000;
const POLICY: ArchivePolicy = { retentionDays: 31, settleMs: 4 * HOUR_MS };

const day = (text: string): Day => daySchema.parse(text);
const at = (text: string): Date => new Date(text);

describe('closesAt', () => {
  it('leaves a day time to settle after its end', () => {
    expect(closesAt(day('2026-03-01'), POLICY)).toEqual(at('2026-03-02T04:00:00Z'));
  });
});

describe('closedDays', () => {
  it.each([
    ['2026-03-04T03:59:59.999Z', ['2026-03-01', '2026-03-02']],
    ['2026-03-04T04:00:00.000Z', ['2026-03-01', '2026-03-02', '2026-03-03']],
  ])('at %s are those that have settled', (now, expected) => {
    expect(closedDays(at('2026-03-01T12:00:00Z'), at(now), POLICY)).toEqual(expected);
  });

  it('begin with the day of the oldest instant kept, and leave none out', () => {
    const instant = fc.date({
      min: at('2026-01-01T00:00:00Z'),
      max: at('2026-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    const settleMs = fc.integer({ min: 0, max: 3 * DAY_MS });

    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 0, max: 50 * DAY_MS }),
        settleMs,
        (kept, age, settle) => {
          const now = new Date(kept.getTime() + age);
          const policy = { retentionDays: 31, settleMs: settle };

          const days = closedDays(kept, now, policy);

          const first = days[0];
          if (first !== undefined) expect(first).toBe(dayOf(kept));
          const following = days.reduce((_, last) => nextDay(last), dayOf(kept));
          expect(closesAt(following, policy) > now).toBe(true);
          expect(days.every((closed) => closesAt(closed, policy) <= now)).toBe(true);
        },
      ),
    );
  });

  it('are none when nothing is older than a day', () => {
    expect(closedDays(at('2026-03-04T01:00:00Z'), at('2026-03-04T02:00:00Z'), POLICY)).toEqual([]);
  });
});

describe('oldestKept', () => {
  const now = at('2026-04-01T06:00:00Z');

  it.each([
    ['an older event: that is still there', '2026-02-28T20:00:00Z', '2026-02-28T20:00:00Z'],
    [
      'only younger events: quiet days count as kept',
      '2026-03-20T00:00:00Z',
      '2026-03-01T06:00:00Z',
    ],
    ['no event at all', undefined, '2026-03-01T06:00:00Z'],
  ])('with %s', (_, oldest, expected) => {
    expect(oldestKept(oldest === undefined ? undefined : at(oldest), now, POLICY)).toEqual(
      at(expected),
    );
  });
});

describe('beganBefore', () => {
  it.each([
    ['2026-03-01T00:00:00Z', false],
    ['2026-03-01T00:00:01Z', true],
    ['2026-02-28T23:59:59Z', false],
  ])('when %s is the oldest instant kept: %s', (kept, expected) => {
    expect(beganBefore(day('2026-03-01'), at(kept))).toBe(expected);
  });

  it('never holds for a day after that of the oldest instant', () => {
    const kept = at('2026-03-01T12:00:00Z');

    expect(beganBefore(nextDay(dayOf(kept)), kept)).toBe(false);
    expect(beganBefore(dayOf(kept), windowOf(dayOf(kept)).from)).toBe(false);
  });
});

describe('nextStep', () => {
  it.each([
    ['a day without a manifest is read', undefined, 0, 7, { kind: 'read', why: 'missing' }],
    [
      'so is one of which only an orphan is there',
      undefined,
      1,
      7,
      { kind: 'read', why: 'missing' },
    ],
    [
      'an orphan is adopted, whatever the count',
      { events: 7 },
      1,
      7,
      { kind: 'read', why: 'orphan' },
    ],
    ['more at the source is read', { events: 7 }, 0, 8, { kind: 'read', why: 'grown' }],
    ['as many is done', { events: 7 }, 0, 7, { kind: 'done' }],
    ['fewer is observed', { events: 7 }, 0, 5, { kind: 'shrunk', deletedAtSource: 2 }],
    ['an empty day that stays empty is done', { events: 0 }, 0, 0, { kind: 'done' }],
  ])('%s', (_, archived, orphans, counted, expected) => {
    expect(nextStep(archived, orphans, counted)).toEqual(expected);
  });
});
