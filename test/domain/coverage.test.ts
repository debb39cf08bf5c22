import { describe, expect, it } from '@jest/globals';
import {
  type CoveredDay,
  coverageSentence,
  type DayState,
  summarizeCoverage,
} from '../../lib/domain/coverage.ts';
import { type Day, daySchema, daysFrom } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';

const day = (text: string): Day => daySchema.parse(text);

const covered = (dt: Day, state: DayState, foundation = 'eu-1'): CoveredDay => ({
  foundation: foundationNameSchema.parse(foundation),
  dt,
  state,
});

const MARCH = daysFrom(day('2026-03-01'), day('2026-03-31'));

describe('summarizeCoverage', () => {
  it('is complete when every day is closed', () => {
    const coverage = summarizeCoverage(MARCH.map((dt) => covered(dt, 'closed')));

    expect(coverage).toMatchObject({
      complete: true,
      days: { closed: 31, missing: 0 },
      not_closed: [],
    });
    expect(coverageSentence(coverage)).toBeUndefined();
  });

  it.each<DayState>(['partial', 'open', 'missing', 'before_archive'])(
    'is not complete with one day %s, and names it',
    (state) => {
      const days = MARCH.map((dt, index) => covered(dt, index === 3 ? state : 'closed'));

      const coverage = summarizeCoverage(days);

      expect(coverage.complete).toBe(false);
      expect(coverage.days).toMatchObject({ closed: 30, [state]: 1 });
      expect(coverage.not_closed).toEqual([covered(day('2026-03-04'), state)]);
    },
  );

  it('of no day is complete', () => {
    expect(summarizeCoverage([])).toMatchObject({ complete: true, not_closed: [] });
  });
});

describe('coverageSentence', () => {
  const sentenceOf = (days: readonly CoveredDay[], limit?: number): string | undefined =>
    coverageSentence(summarizeCoverage(days), limit);

  it.each<[DayState, string]>([
    ['missing', '1 of 2 days is missing: 2026-03-02'],
    ['partial', '1 of 2 days is stored only in part: 2026-03-02'],
    ['open', '1 of 2 days is not closed yet: 2026-03-02'],
    ['before_archive', '1 of 2 days is from before the archive began: 2026-03-02'],
  ])('says what is wrong with a day that is %s', (state, expected) => {
    const days = [covered(day('2026-03-01'), 'closed'), covered(day('2026-03-02'), state)];

    expect(sentenceOf(days)).toBe(expected);
  });

  it('names the first days and counts the others', () => {
    const days = MARCH.map((dt, index) => covered(dt, index < 7 ? 'missing' : 'closed'));

    expect(sentenceOf(days)).toBe(
      '7 of 31 days are missing: 2026-03-01, 2026-03-02, 2026-03-03, 2026-03-04, 2026-03-05, and 2 more',
    );
    expect(sentenceOf(days, 7)).not.toContain('more');
  });

  it('says one thing after the other', () => {
    const days = [
      covered(day('2026-03-01'), 'missing'),
      covered(day('2026-03-02'), 'partial'),
      covered(day('2026-03-03'), 'open'),
    ];

    expect(sentenceOf(days)).toBe(
      '1 of 3 days is stored only in part: 2026-03-02; 1 of 3 days is not closed yet: 2026-03-03; 1 of 3 days is missing: 2026-03-01',
    );
  });

  it('names the foundation where several were asked, even if only one has a hole', () => {
    const days = [
      covered(day('2026-03-01'), 'missing', 'eu-1'),
      covered(day('2026-03-01'), 'closed', 'us-1'),
    ];

    expect(sentenceOf(days)).toBe('1 of 2 days is missing: eu-1 2026-03-01');
  });

  it('names the foundation where several are concerned', () => {
    const days = [
      covered(day('2026-03-01'), 'missing', 'eu-1'),
      covered(day('2026-03-01'), 'missing', 'us-1'),
    ];

    expect(sentenceOf(days)).toBe('2 of 2 days are missing: eu-1 2026-03-01, us-1 2026-03-01');
  });
});
