import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ArchivePolicy,
  beganBefore,
  closedDays,
  closesAt,
  type DayFacts,
  isExpiring,
  isFinalCheckDue,
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
  const facts = {
    archived: 7,
    orphans: 0,
    counted: 7,
    knownDeleted: 0,
    expiring: false,
    finalCheckDue: false,
  };

  it.each<[what: string, over: Partial<DayFacts>, why: string | undefined]>([
    ['a day without a manifest is read', { archived: undefined }, 'missing'],
    ['so is one of which only an orphan is there', { archived: undefined, orphans: 1 }, 'missing'],
    ['an orphan is adopted, whatever the count', { orphans: 1 }, 'orphan'],
    ['more at the source is read', { counted: 8 }, 'grown'],
    ['as many is done', {}, undefined],
    ['fewer is read, so that the deleted ones can be named', { counted: 5 }, 'shrunk'],
    ['fewer that are known already is done', { counted: 5, knownDeleted: 2 }, undefined],
    ['one more than the known rest is read', { counted: 6, knownDeleted: 2 }, 'grown'],
    ['one fewer than the known rest is read', { counted: 4, knownDeleted: 2 }, 'shrunk'],
    ['fewer of an expiring day is done', { counted: 1, expiring: true }, undefined],
    ['more of an expiring day is read', { counted: 8, expiring: true }, 'grown'],
    ['a day about to leave retention is read', { finalCheckDue: true }, 'final_check'],
    ['an empty day that stays empty is done', { archived: 0, counted: 0 }, undefined],
  ])('%s', (_, over, why) => {
    expect(nextStep({ ...facts, ...over })).toEqual(
      why === undefined ? { kind: 'done' } : { kind: 'read', why },
    );
  });
});

describe('isExpiring and isFinalCheckDue', () => {
  const policy = { retentionDays: 31, settleMs: 0 };
  const now = new Date('2026-04-02T12:00:00Z');

  it.each([
    ['2026-03-02', true, false],
    ['2026-03-03', false, true],
    ['2026-03-04', false, true],
    ['2026-03-05', false, false],
  ])('%s: %s, %s', (day, expiring, due) => {
    expect(isExpiring(daySchema.parse(day), now, policy)).toBe(expiring);
    expect(isFinalCheckDue(daySchema.parse(day), now, policy)).toBe(due);
  });
});
