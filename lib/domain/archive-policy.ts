import { DAY_MS, type Day, dayOf, daysFrom, startOf, windowOf } from './day.ts';
import { earlierOf, plusMs } from './instant.ts';

/** What an operator decides for one foundation. */
export interface ArchivePolicy {
  /** How long the source keeps events; Cloud Controller really deletes one day later at the latest. */
  readonly retentionDays: number;
  /** How long after its end a day is left to settle: the longest job may commit that late. */
  readonly settleMs: number;
}

/** The instant from which a day counts as closed. */
export const closesAt = (day: Day, policy: ArchivePolicy): Date =>
  plusMs(windowOf(day).to, policy.settleMs);

/**
 * The oldest instant that the source can still be expected to hold.
 *
 * @param oldest - `created_at` of the oldest event at the source; undefined when it has none
 */
export const oldestKept = (oldest: Date | undefined, now: Date, policy: ArchivePolicy): Date => {
  const cutoff = plusMs(now, -policy.retentionDays * DAY_MS);
  return oldest === undefined ? cutoff : earlierOf(oldest, cutoff);
};

/** Every closed day inside the retention window, oldest first. */
export function closedDays(kept: Date, now: Date, policy: ArchivePolicy): Day[] {
  return daysFrom(dayOf(kept), dayOf(now)).filter((day) => closesAt(day, policy) <= now);
}

/** Whether the source may already have dropped the beginning of the day. */
export const beganBefore = (day: Day, kept: Date): boolean => startOf(day) < kept;

/** How long before a day leaves retention it is read in full once more: two days, so that a run a day always finds the time. */
export const FINAL_CHECK_MS = 2 * DAY_MS;

/** Whether the source, by its own retention, may already be deleting events of the day: fewer of them are no deletion. */
export const isExpiring = (day: Day, now: Date, policy: ArchivePolicy): boolean =>
  startOf(day) < plusMs(now, -policy.retentionDays * DAY_MS);

/** Whether the day is about to leave retention: equal counts can hide a swap, so it is read in full. */
export const isFinalCheckDue = (day: Day, now: Date, policy: ArchivePolicy): boolean =>
  !isExpiring(day, now, policy) && isExpiring(day, plusMs(now, FINAL_CHECK_MS), policy);

/** What a run has to do for one closed day. */
export type NextStep =
  | {
      readonly kind: 'read';
      readonly why: 'missing' | 'orphan' | 'grown' | 'shrunk' | 'final_check';
    }
  | { readonly kind: 'done' };

/** What is true of one closed day now. */
export interface DayFacts {
  /** Events that the archive holds, by the newest manifest; undefined when the day has none. */
  readonly archived: number | undefined;
  /** Parts without a manifest, left by a run that died. */
  readonly orphans: number;
  /** Events that the source counts in the day. */
  readonly counted: number;
  /** How many of the archived events an earlier run already found deleted at the source. */
  readonly knownDeleted: number;
  readonly expiring: boolean;
  readonly finalCheckDue: boolean;
}

/**
 * Say what a run has to do for one closed day.
 *
 * Level-triggered: looks only at what is true now (what the archive holds, what the source counts), never at what an earlier run meant to do.
 * First run, missed runs and late events are therefore all the same case. A day is read when there may be something to store, something to name, or a last chance to see a swap.
 */
export function nextStep(day: DayFacts): NextStep {
  if (day.archived === undefined) return { kind: 'read', why: 'missing' };
  if (day.orphans > 0) return { kind: 'read', why: 'orphan' };
  if (day.counted > day.archived - (day.expiring ? 0 : day.knownDeleted)) {
    return { kind: 'read', why: 'grown' };
  }
  if (!day.expiring && day.counted < day.archived - day.knownDeleted) {
    return { kind: 'read', why: 'shrunk' };
  }
  return day.finalCheckDue ? { kind: 'read', why: 'final_check' } : { kind: 'done' };
}
