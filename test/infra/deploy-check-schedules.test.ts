import { describe, expect, it } from '@jest/globals';
import { scheduleRuns } from '../../infra/schedule-runs.ts';
import { parseSchedule } from '../../lib/config/schedule-expression.ts';

/** A Saturday. */
const FROM = new Date('2026-11-21T00:00:00Z');

const HOUR_MS = 3_600_000;

function runs(expression: string, timeZone = 'UTC') {
  const schedule = parseSchedule(expression);
  if ('problem' in schedule) throw new Error(schedule.problem);
  return scheduleRuns(schedule, timeZone, FROM);
}

describe('scheduleRuns', () => {
  it.each([
    // EventBridge counts from Sunday, 1.
    ['cron(0 4 ? * 2 *)', 'UTC', '2026-11-23T04:00'],
    ['cron(0 4 ? * MON *)', 'UTC', '2026-11-23T04:00'],
    ['cron(0 4 ? * L *)', 'UTC', '2026-11-21T04:00'],
    ['cron(0 4 ? * 6L *)', 'UTC', '2026-11-27T04:00'],
    ['cron(0 4 ? * 3#1 *)', 'UTC', '2026-12-01T04:00'],
    ['cron(0 4 L * ? *)', 'UTC', '2026-11-30T04:00'],
    ['cron(0 4 LW 2 ? *)', 'UTC', '2027-02-26T04:00'],
    ['cron(30 5/8 * * ? *)', 'UTC', '2026-11-21T05:30'],
    ['cron(0 4 * * ? 2028)', 'UTC', '2028-01-01T04:00'],
    ['cron(0 4 * * ? *)', 'Asia/Tokyo', '2026-11-21T19:00'],
    ['cron(0 4 * JUL ? *)', 'Europe/Berlin', '2027-07-01T02:00'],
  ])('finds the next run of %s in %s', (expression, timeZone, next) => {
    expect(runs(expression, timeZone).firstFrom(FROM)?.toISOString().slice(0, 16)).toBe(next);
  });

  it('takes a run at that very instant', () => {
    expect(runs('cron(0 0 * * ? *)').firstFrom(FROM)).toEqual(FROM);
  });

  it.each([
    ['cron(15 4/6 * * ? *)', 6, 120],
    ['cron(0 4,6 * * ? *)', 22, 60],
    ['cron(* * * * ? *)', 1, 43_200],
    ['cron(5-7,0/20 4 * * ? *)', 24, 180],
    ['cron(0 4 ? * MON-FRI *)', 72, 21.4],
    ['rate(90 minutes)', 1.5, 480],
  ])('of %s are at most %d hours apart, and %d a month', (expression, hours, monthly) => {
    const { longestGapMs, runsAMonth } = runs(expression);

    expect(longestGapMs).toBe(hours * HOUR_MS);
    expect(runsAMonth).toBeCloseTo(monthly, 1);
  });

  it.each([
    ['cron(45 1 * * ? *)', 'Europe/Berlin', '2027-10-31'],
    // The clock goes from 02:00 to 03:00; EventBridge leaves out what would be in between.
    ['cron(30 2 * * ? *)', 'Europe/Berlin', '2027-03-28'],
    ['cron(45 5 * * ? *)', 'Europe/Berlin', undefined],
    ['cron(15 2/6 * * ? *)', 'Europe/Berlin', undefined],
    ['cron(59 23 * * ? *)', 'UTC', undefined],
    ['cron(0 0 * * ? *)', 'UTC', undefined],
    ['cron(0 4 ? * 2-7 *)', 'UTC', '2026-11-22'],
    ['cron(0 4 * * ? 2026)', 'UTC', '2027-01-01'],
  ])('of %s in %s leave out no day but %s', (expression, timeZone, day) => {
    expect(runs(expression, timeZone).firstDayWithout()).toBe(day);
  });

  it.each([
    ['cron(30 2 * * ? *)', 47],
    ['cron(45 5 * * ? *)', 25],
    ['cron(30 2/6 * * ? *)', 6],
    ['cron(30 2/6 ? * 1-7 *)', 6],
  ])('of %s in a zone that changes its clock are at most %d hours apart', (expression, hours) => {
    expect(runs(expression, 'Europe/Berlin').longestGapMs).toBe(hours * HOUR_MS);
  });

  it('has no end of waiting when it ends', () => {
    expect(runs('cron(0 4 * * ? 2026)').longestGapMs).toBe(Number.POSITIVE_INFINITY);
  });
});
