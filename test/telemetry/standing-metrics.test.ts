import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import type { RunDay, RunReport } from '../../lib/domain/run-report.ts';
import { countDeletions, countStanding } from '../../lib/telemetry/standing-metrics.ts';

const NOW = new Date('2026-03-12T06:00:00Z');

const aDay = (dt: string, over: Partial<RunDay> = {}): RunDay => ({
  dt: daySchema.parse(dt),
  result: 'unchanged',
  status: null,
  at_source: 3,
  counted_at: null,
  last_counted: null,
  archived: 3,
  added: 0,
  final_check: false,
  deleted_at_source: 0,
  deleted_guids: [],
  unrepresentable_guids: [],
  error: null,
  ...over,
});

const aReport = (...days: RunDay[]) => ({ retention_days: 6, days }) as unknown as RunReport;

describe('countStanding', () => {
  it('is the age of the end of the newest day that is stored', () => {
    const report = aReport(
      aDay('2026-03-09'),
      aDay('2026-03-10'),
      aDay('2026-03-11', { archived: null, result: 'postponed' }),
      aDay('2026-03-12', { archived: null, result: 'open' }),
    );

    expect(countStanding(report, NOW)).toEqual({ NewestClosedDayAgeDays: 1.25, DaysAtRisk: 0 });
  });

  it('counts days that are not stored and leave retention in three days', () => {
    const report = aReport(
      aDay('2026-03-07', { archived: null, result: 'failed' }),
      aDay('2026-03-08'),
      aDay('2026-03-09', { archived: null, result: 'postponed' }),
      aDay('2026-03-10', { archived: null, result: 'postponed' }),
    );

    expect(countStanding(report, NOW)).toMatchObject({ DaysAtRisk: 2 });
  });

  it('has no age while nothing is stored', () => {
    const report = aReport(aDay('2026-03-11', { archived: null }));

    expect(countStanding(report, NOW)).toEqual({ DaysAtRisk: 0 });
  });
});

describe('countDeletions', () => {
  it('counts the days of which more is deleted than the run before knew', () => {
    const before = aReport(
      aDay('2026-03-09', { deleted_at_source: 2 }),
      aDay('2026-03-10', { deleted_at_source: 2 }),
      aDay('2026-03-11'),
    );
    const after = aReport(
      aDay('2026-03-09', { deleted_at_source: 2 }),
      aDay('2026-03-10', { deleted_at_source: 3 }),
      aDay('2026-03-11', { deleted_at_source: 1 }),
    );

    expect(countDeletions(before, after)).toEqual({ DaysDeletedAtSource: 2 });
    expect(countDeletions(undefined, before)).toEqual({ DaysDeletedAtSource: 2 });
  });
});
