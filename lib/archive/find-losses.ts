import { type ArchivePolicy, isExpiring } from '../domain/archive-policy.ts';
import { type Day, dayOf, daysFrom, nextDay, windowOf } from '../domain/day.ts';
import { type Counted, judgeLoss, type LossContext, type UnstoredDay } from '../domain/losses.ts';
import type { Loss, RunDay, RunReport } from '../domain/run-report.ts';
import type { DayResult, OpenDay } from './day-result.ts';
import { NOTHING_STORED, type StoredDay } from './stored-day.ts';

export interface LossEvidence {
  readonly before: RunReport | undefined;
  readonly kept: Date;
  readonly policy: ArchivePolicy;
  /** When the run began. */
  readonly now: Date;
  /** What the archive held when the run began. */
  readonly stored: ReadonlyMap<Day, StoredDay>;
  readonly days: readonly DayResult[];
  readonly openDays: readonly OpenDay[];
}

/**
 * Losses that a run can see: of days that were not stored by the record of the run before, against what that run counted.
 *
 * Which days are judged is the record's to say, not what the archive held when the run began: a run that stored such a day and died before its report has told nobody what was missing.
 */
export function findLosses(evidence: LossEvidence): Loss[] {
  const { before, kept } = evidence;
  const [first, last] = [before?.days[0]?.dt, before?.days.at(-1)?.dt];
  if (before === undefined || first === undefined || last === undefined) return [];
  const reported = new Map(before.days.map((day) => [day.dt, day]));
  const candidates = [
    ...daysLeft(before, first, last, kept).map((day) => ({ day, now: 0 })),
    ...evidence.days.map((result) => ({ day: result.day, now: stillThere(result) })),
    ...evidence.openDays.map(({ day, recounted }) => ({ day, now: recounted })),
  ];
  return candidates.flatMap(({ day, now }) => {
    const record = reported.get(day);
    if (record !== undefined && record.archived !== null) return [];
    const known = { day, before: countedIn(record), now };
    if (!isUntouched(evidence, day) && !canTell(evidence, known)) return [];
    const loss = judgeLoss(known, seenBefore(evidence));
    return loss ? [loss] : [];
  });
}

/**
 * Whether a run that failed to settle a day may judge it by what the source still has. What the source no longer has, another run may be storing: only a day that was already short when the run before failed, too, is told as a loss.
 *
 * @param seen - how many events of what was counted there still are
 */
export function canJudgeFailed(
  evidence: Pick<LossEvidence, 'before' | 'kept'>,
  record: RunDay | undefined,
  day: Day,
  seen: number,
): boolean {
  const known = { day, before: record && countedIn(record), now: seen };
  if (!judgeLoss(known, seenBefore(evidence))) return true;
  return record?.result === 'failed' && record.counted_at !== (record.last_counted?.at ?? null);
}

const seenBefore = ({ before, kept }: Pick<LossEvidence, 'before' | 'kept'>): LossContext => ({
  kept,
  firstSeenDay: before?.days[0]?.dt,
  oldestSeen: before?.oldest_at_source ? new Date(before.oldest_at_source) : undefined,
});

const countedIn = (record: RunDay | undefined): Counted | undefined =>
  record?.last_counted
    ? { events: record.last_counted.events, at: new Date(record.last_counted.at) }
    : undefined;

const isUntouched = ({ stored }: LossEvidence, day: Day): boolean => {
  const { parts, manifests } = stored.get(day) ?? NOTHING_STORED;
  return parts.length + manifests.length === 0;
};

/**
 * Of a day that a run stored without a report, what the source no longer has may be in the archive. Until the day expires at the source, the two can be told apart by their counts.
 */
function canTell({ days, now, policy }: LossEvidence, { day, before }: UnstoredDay): boolean {
  const result = days.find((each) => each.day === day);
  if (before === undefined || (result?.kind !== 'archived' && result?.kind !== 'unchanged')) {
    return false;
  }
  return before.at >= windowOf(day).to || !isExpiring(day, now, policy);
}

/** How many events of what was counted before are at the source or in the archive. Undefined: nobody can tell now. */
function stillThere(result: DayResult): number | undefined {
  switch (result.kind) {
    case 'archived':
    case 'unchanged':
      // What the source had when the day was read is in the archive, with what another run stored before the source deleted it.
      return result.recounted;
    case 'failed':
      return result.stillThere;
    case 'postponed':
      return undefined;
  }
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
