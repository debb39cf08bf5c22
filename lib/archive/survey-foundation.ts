import { type ArchivePolicy, closedDays, closesAt, oldestKept } from '../domain/archive-policy.ts';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { earlierOf, plusMs, secondText } from '../domain/instant.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { RunDay, RunReport } from '../domain/run-report.ts';
import type { AuditEventSource } from './ports.ts';
import { listStoredDays, type StoredDay } from './stored-day.ts';

interface SurveyContext {
  readonly source: AuditEventSource;
  readonly store: ObjectStore;
}

interface SurveyTask {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  /** Look at this day only. */
  readonly day?: Day | undefined;
}

/** What a run knows before it does anything. */
export interface FoundationSurvey {
  readonly now: Date;
  readonly before: RunReport | undefined;
  /** What that report says of each day. */
  readonly records: ReadonlyMap<Day, RunDay>;
  readonly oldest: Date | undefined;
  readonly kept: Date;
  readonly closed: readonly Day[];
  readonly open: readonly Day[];
  readonly stored: ReadonlyMap<Day, StoredDay>;
}

/** Ask the source how far back it goes, and the archive what it holds of these days. Throws as the two do. */
export async function surveyFoundation(
  context: SurveyContext,
  { foundation, policy }: SurveyTask,
  now: Date,
  before: RunReport | undefined,
): Promise<FoundationSurvey> {
  const oldest = await context.source.oldest();
  const kept = oldestKept(oldest, now, policy);
  const closed = closedDays(kept, now, policy);
  const first = closed[0] ?? dayOf(kept);
  const afterClosed = closed.length === 0 ? dayOf(kept) : undefined;
  const open = daysFrom(afterClosed ?? first, dayOf(now)).filter((day) => !closed.includes(day));
  const records = new Map(before?.days.map((day) => [day.dt, day]));
  // Further back than needed for its days: an orphan that could not be adopted in time is still seen for a month.
  const left = plusMs(startOf(first), -31 * DAY_MS);
  const since = dayOf(earlierOf(left, startOf(before?.days[0]?.dt ?? first)));
  const stored = await listStoredDays(context.store, foundation, since, dayOf(now));
  return { now, before, records, oldest, kept, closed, open, stored };
}

/**
 * Closed days that a run is to look at.
 *
 * @throws ArchiveError USAGE_INVALID when the wanted one is not closed yet, or no longer kept
 */
export function selectDays(closed: readonly Day[], { day, policy }: SurveyTask, now: Date): Day[] {
  if (day === undefined) return [...closed];
  if (closed.includes(day)) return [day];
  const closes = closesAt(day, policy);
  throw new ArchiveError(
    'USAGE_INVALID',
    closes > now
      ? `--day ${day}: the day is not closed before ${secondText(closes)}; choose an earlier one`
      : `--day ${day}: Cloud Controller no longer keeps the day (retention_days: ${policy.retentionDays}); the oldest it keeps is ${closed[0] ?? 'none'}`,
  );
}
