import { describe, expect, it } from '@jest/globals';
import { parseSchedule } from '../../lib/config/schedule-expression.ts';

describe('parseSchedule', () => {
  it.each([
    ['rate(1 hour)', 3_600_000],
    ['rate(6 hours)', 21_600_000],
    ['rate(90 minutes)', 5_400_000],
    ['rate(1 days)', 86_400_000],
  ])('takes %s', (text, everyMs) => {
    expect(parseSchedule(text)).toEqual({ kind: 'rate', everyMs });
  });

  it.each([
    'cron(15 4/6 * * ? *)',
    'cron(0,30 * ? * MON-FRI *)',
    'cron(*/15 0-23/2 1,15 JAN-MAR ? 2026-2030)',
    'cron(0 4 L * ? *)',
    'cron(0 4 LW * ? *)',
    'cron(0 4 31W 12 ? *)',
    'cron(0 4 ? * 6L *)',
    'cron(0 4 ? * 6#3 *)',
    'cron(0 4 ? * 1,7 2199)',
  ])('takes %s', (text) => {
    expect(parseSchedule(text)).toMatchObject({ kind: 'cron' });
  });

  it('takes a cron expression apart', () => {
    expect(parseSchedule('cron(15  4/6 * JAN ? 2026)')).toEqual({
      kind: 'cron',
      fields: {
        minutes: '15',
        hours: '4/6',
        dayOfMonth: '*',
        month: 'JAN',
        dayOfWeek: '?',
        year: '2026',
      },
    });
  });

  it.each([
    ['15 4 * * ? *', '"15 4 * * ? *" is no schedule'],
    ['Cron(15 4 * * ? *)', 'is no schedule'],
    ['at(2026-12-01T00:00:00)', 'at(…) runs once and never again'],
    ['rate(0 hours)', 'rate(0 hours) must be a whole number'],
    ['rate(6)', 'rate(6) must be a whole number'],
    ['rate(6 weeks)', 'rate(6 weeks) must be a whole number'],
    ['rate(1.5 hours)', 'rate(1.5 hours) must be a whole number'],
    ['cron(15 4 * * *)', 'cron(15 4 * * *) has 5 of 6 fields (minutes, hours, day of month'],
    ['cron(0 15 4 * * ? *)', 'has 7 of 6 fields'],
    ['cron()', 'has 1 of 6 fields'],
    ['cron(60 4 * * ? *)', '"60" is no minutes: 0 to 59, ranges'],
    ['cron(15 24 * * ? *)', '"24" is no hours: 0 to 23'],
    ['cron(15 4 0 * ? *)', '"0" is no day of month: 1 to 31'],
    ['cron(15 4 32W * ? *)', '"32W" is no day of month'],
    ['cron(15 4 * 13 ? *)', '"13" is no month: 1 to 12 or JAN to DEC'],
    ['cron(15 4 * jan ? *)', '"jan" is no month'],
    ['cron(15 4 ? * 0 *)', '"0" is no day of week: 1 to 7 or SUN to SAT'],
    ['cron(15 4 ? * 6#6 *)', '"6#6" is no day of week'],
    ['cron(15 4 ? * 3#1,6#3 *)', '"3#1" is no day of week'],
    ['cron(15 4 * * ? 1969)', '"1969" is no year: 1970 to 2199'],
    ['cron(15 20-4 * * ? *)', '"20-4" is no hours'],
    ['cron(15 1-2-3 * * ? *)', '"1-2-3" is no hours'],
    ['cron(15 4- * * ? *)', '"4-" is no hours'],
    ['cron(15 4/0 * * ? *)', '"4/0" is no hours'],
    ['cron(15 4/6/2 * * ? *)', '"4/6/2" is no hours'],
    ['cron(15 4, * * ? *)', '"" is no hours'],
    ['cron(? 4 * * ? *)', '"?" is no minutes'],
    ['cron(15 4 * * * *)', 'must have ? in one of day of month and day of week'],
    ['cron(15 4 1 * MON *)', 'must have ? in one of day of month and day of week'],
    ['cron(15 4 ? * ? *)', 'must have ? in one of day of month and day of week'],
  ])('refuses %s', (text, problem) => {
    expect(parseSchedule(text)).toEqual({ problem: expect.stringContaining(problem) });
  });
});
