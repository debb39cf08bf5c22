import { DAY_MS, startOf, windowOf } from '../domain/day.ts';
import { plusMs } from '../domain/instant.ts';
import type { RunDay, RunReport } from '../domain/run-report.ts';

/** How long before a day leaves retention it is at risk while it is not stored. */
const AT_RISK_DAYS = 3;

/**
 * How a foundation's archive stands by a run report: the age in days of the end of the newest closed day that is stored (left out while none is), and how many days are not stored although they leave retention in three days.
 */
export function countStanding(
  { days, retention_days }: RunReport,
  now: Date,
): Readonly<Record<string, number>> {
  const newest = days.findLast(({ archived }) => archived !== null);
  const risky = plusMs(now, -Math.max(0, retention_days - AT_RISK_DAYS) * DAY_MS);
  return {
    ...(newest && {
      NewestClosedDayAgeDays: (now.getTime() - windowOf(newest.dt).to.getTime()) / DAY_MS,
    }),
    DaysAtRisk: days.filter(({ dt, archived }) => archived === null && startOf(dt) < risky).length,
  };
}

/** Days of which a run found more events deleted at the source than the run before. */
export function countDeletions(
  before: RunReport | undefined,
  { days }: RunReport,
): { readonly DaysDeletedAtSource: number } {
  const known = new Map(before?.days.map((day) => [day.dt, day]));
  const isMore = ({ dt, deleted_at_source }: RunDay): boolean =>
    deleted_at_source > (known.get(dt)?.deleted_at_source ?? 0);
  return { DaysDeletedAtSource: days.filter(isMore).length };
}
