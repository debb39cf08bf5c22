import { type Day, dayOf, daysFrom, nextDay } from '../domain/day.ts';
import { type Counted, judgeLoss } from '../domain/losses.ts';
import type { Loss, RunReport } from '../domain/run-report.ts';
import type { DayResult, OpenDay } from './describe-run.ts';
import type { StoredDay } from './stored-day.ts';

export interface LossEvidence {
  readonly before: RunReport | undefined;
  readonly kept: Date;
  /** What the archive held when the run began. */
  readonly stored: ReadonlyMap<Day, StoredDay>;
  readonly days: readonly DayResult[];
  readonly openDays: readonly OpenDay[];
}

/** Losses that a run can see: of days not stored when it began, against the record of the run before. */
export function findLosses(evidence: LossEvidence): Loss[] {
  const { before, kept } = evidence;
  const [first, last] = [before?.days[0]?.dt, before?.days.at(-1)?.dt];
  if (before === undefined || first === undefined || last === undefined) return [];
  const reported = new Map(before.days.map((day) => [day.dt, day]));
  const countedBefore = (day: Day): Counted | undefined => {
    const count = reported.get(day)?.last_counted;
    return count ? { events: count.events, at: new Date(count.at) } : undefined;
  };
  const candidates = [
    ...daysLeft(before, first, last, kept).map((day) => ({ day, now: 0 })),
    ...evidence.days.flatMap((result) => {
      const wasStored = (evidence.stored.get(result.day)?.manifests.length ?? 0) > 0;
      const orphaned = (evidence.stored.get(result.day)?.parts.length ?? 0) > 0;
      const counted = 'counted' in result ? result.counted : undefined;
      return wasStored || orphaned ? [] : [{ day: result.day, now: counted?.events }];
    }),
    ...evidence.openDays.map(({ day, counted }) => ({ day, now: counted?.events })),
  ];
  return candidates.flatMap(({ day, now }) => {
    const known = { day, before: countedBefore(day), now };
    const loss = judgeLoss(known, { kept, firstSeenDay: first });
    return loss ? [loss] : [];
  });
}

/** Days that left retention since the last run without having been stored: those it knew as unstored, and those that came and went while nobody ran. */
function daysLeft(before: RunReport, first: Day, last: Day, kept: Date): Day[] {
  const oldestDay = dayOf(kept);
  const knownUnstored = before.days
    .filter(({ dt, archived }) => archived === null && dt < oldestDay)
    .map(({ dt }) => dt);
  const gap = daysFrom(nextDay(last), oldestDay).filter((day) => day < oldestDay && day > first);
  return [...knownUnstored, ...gap];
}
