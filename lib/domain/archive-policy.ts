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

/** What a run has to do for one closed day. */
export type DayStep =
  | { readonly kind: 'read'; readonly why: 'missing' | 'orphan' | 'grown' }
  | { readonly kind: 'done' }
  | { readonly kind: 'shrunk'; readonly deletedAtSource: number };

/**
 * Say what a run has to do for one closed day.
 *
 * Level-triggered: looks only at what is true now (what the archive holds, what the source counts), never at what an earlier run meant to do.
 * First run, missed runs and late events are therefore all the same case.
 *
 * @param archived - the day as the newest manifest counts it; undefined when it has no manifest
 * @param orphans - parts without a manifest, left by a run that died
 * @param counted - events the source counts in the day now
 */
export function nextStep(
  archived: { readonly events: number } | undefined,
  orphans: number,
  counted: number,
): DayStep {
  if (archived === undefined) return { kind: 'read', why: 'missing' };
  if (orphans > 0) return { kind: 'read', why: 'orphan' };
  if (counted > archived.events) return { kind: 'read', why: 'grown' };
  if (counted < archived.events) {
    return { kind: 'shrunk', deletedAtSource: archived.events - counted };
  }
  return { kind: 'done' };
}
