import { randomBytes } from 'node:crypto';
import { type ArchivePolicy, closedDays, closesAt, oldestKept } from '../domain/archive-policy.ts';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { earlierOf, plusMs, secondText } from '../domain/instant.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { runReportKey } from '../domain/object-keys.ts';
import { type Loss, type RunDay, type RunReport, runReportBytes } from '../domain/run-report.ts';
import { adoptOrphans } from './archive-day.ts';
import { checkStill, countDay, countUnread, windowToRecount } from './count-days.ts';
import type { DayContext, DayStep } from './day-context.ts';
import { type DayResult, describeRun, type OpenDay } from './describe-run.ts';
import { forgetDoubted, isHeld, postponeDoubted } from './doubted-losses.ts';
import { failureOfDay } from './failed-day.ts';
import { canJudgeFailed, findLosses } from './find-losses.ts';
import type { PageFacts, Parts } from './ports.ts';
import { lastRunReport } from './run-history.ts';
import { type ClosedDay, lookAtDay, settleDay } from './settle-day.ts';
import {
  listStoredDays,
  NOTHING_STORED,
  orphansOf,
  readPartNames,
  type StoredDay,
} from './stored-day.ts';

export interface FoundationResult {
  readonly foundation: FoundationName;
  /** Closed days, oldest first. */
  readonly days: readonly DayResult[];
  /** Losses that this run found. */
  readonly losses: readonly Loss[];
  /** Days that have to be read and that this run has left to others; oldest first. */
  readonly due: readonly Day[];
  /** What it put on record. */
  readonly report: RunReport;
  /** What the run before had put on record; undefined: there was none. */
  readonly before: RunReport | undefined;
}

export interface FoundationTask {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  /** Look at this day only. */
  readonly day?: Day | undefined;
}

export interface FoundationContext
  extends Omit<DayContext, 'settleMs' | 'onStep' | 'onPage' | 'parts'> {
  /** Undefined: the run looks at every day and reads none; those that have to be read are due. */
  readonly parts?: Parts | undefined;
  readonly onDays?: ((days: readonly Day[]) => void) | undefined;
  readonly onDayStep?: ((day: Day, step: DayStep) => void | Promise<void>) | undefined;
  readonly onPage?: ((day: Day, facts: PageFacts) => void) | undefined;
  readonly onDay?: ((result: DayResult) => void) | undefined;
  readonly onLoss?: ((loss: Loss) => void) | undefined;
}

/** Manifests of days that left read at once. */
const READS_AT_ONCE = 8;

/** What a run knows before it does anything. */
interface Survey {
  readonly now: Date;
  readonly before: RunReport | undefined;
  /** What that report says of each day. */
  readonly records: ReadonlyMap<Day, RunDay>;
  /** What the source still has of earlier counts, as far as this run asked. */
  readonly recounted: Map<Day, number>;
  readonly oldest: Date | undefined;
  readonly kept: Date;
  readonly closed: readonly Day[];
  readonly open: readonly Day[];
  readonly stored: ReadonlyMap<Day, StoredDay>;
}

/**
 * Complete every closed day that the source still keeps, and leave a report: one run of one foundation. Without parts: say which of these days have to be read.
 *
 * Level-triggered: each run looks at all of those days and repairs what is missing, so the first run, missed runs and late events are all the same case. What fails fails its day only, and is tried on the next run.
 *
 * @throws ArchiveError when nothing can be read or stored at all; where the archive can be written, the report says so too
 */
export async function archiveFoundation(
  context: FoundationContext,
  task: FoundationTask,
): Promise<FoundationResult> {
  const where = { store: context.store, foundation: task.foundation };
  const startedAt = context.now();
  const before = await lastRunReport(context.store, task.foundation, startedAt);
  let survey: Survey | undefined;
  // Filled as the run goes, so that the report of a run that fails tells what it did.
  const open: OpenDay[] = [];
  const days: DayResult[] = [];
  const lossesSeen = (): Loss[] =>
    survey ? findLosses({ ...survey, policy: task.policy, days, openDays: open }) : [];
  const report = (losses: readonly Loss[], error?: ArchiveError) =>
    describeRun({
      tool: context.tool,
      api: context.source.api,
      ...task,
      startedAt,
      finishedAt: context.now(),
      before,
      survey,
      results: days,
      open,
      losses,
      error,
    });
  try {
    await context.source.check();
    survey = await surveyFoundation(context, task, startedAt, before);
    const wanted = selectDays(survey.closed, task, startedAt);
    context.onDays?.(wanted);
    await adoptLeft(context, task, survey);
    await countOpenDays(context, survey, open);
    await settleDays(context, task, survey, wanted, days);
    await settleLostDays(context, task, survey, lossesSeen(), days);
    await forgetDoubted(where, lossesSeen(), open);
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'USAGE_INVALID') throw error;
    // Where the archive itself is the trouble there is nowhere to report to; the error says it all.
    const tell = async (): Promise<void> => {
      await postponeDoubted(where, lossesSeen(), days);
      await forgetDoubted(where, lossesSeen(), open);
      await storeReport(context, report(lossesSeen(), error));
    };
    await tell().catch(() => undefined);
    throw error;
  }
  const losses = lossesSeen();
  for (const loss of losses) context.onLoss?.(loss);
  const stored = report(losses);
  await storeReport(context, stored);
  const due = days.flatMap((each) => (each.kind === 'postponed' && each.due ? [each.day] : []));
  return { foundation: task.foundation, days, losses, due, report: stored, before };
}

async function surveyFoundation(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  now: Date,
  before: RunReport | undefined,
): Promise<Survey> {
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
  return { now, before, records, recounted: new Map(), oldest, kept, closed, open, stored };
}

function selectDays(closed: readonly Day[], { day, policy }: FoundationTask, now: Date): Day[] {
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

/** Days that are not closed are counted, so that the next run sees what vanished of them. A day that cannot be counted keeps the count that it had. */
async function countOpenDays(
  context: FoundationContext,
  survey: Survey,
  counted: OpenDay[],
): Promise<void> {
  for (const day of survey.open) {
    try {
      const again = windowToRecount(day, survey.records.get(day), true);
      const recounted = again && (await context.source.count(again));
      counted.push({ day, recounted, counted: await countDay(context, day) });
    } catch (error) {
      counted.push({ day, counted: undefined, error: failureOfDay(error) });
    }
  }
}

/** Parts that no manifest names, of days that the source no longer keeps: nobody looks at these days again. What fails is tried by the next run. */
async function adoptLeft(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  { stored, kept }: Survey,
): Promise<void> {
  const { parts } = context;
  // The next run that reads any day does it.
  if (parts === undefined) return;
  const adopt = async (day: Day, held: StoredDay): Promise<void> => {
    try {
      const names = await readPartNames(context.store, foundation, day, held);
      if (orphansOf(held, names).length === 0) return;
      await adoptOrphans(
        { ...context, parts, settleMs: policy.settleMs, onStep: undefined, onPage: undefined },
        { foundation, day, partial: true },
      );
    } catch (error) {
      failureOfDay(error);
    }
  };
  const limited = limitConcurrency(READS_AT_ONCE);
  const left = [...stored].filter(([day]) => day < dayOf(kept));
  const outcomes = await Promise.allSettled(
    left.map(([day, held]) => limited(() => adopt(day, held))),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function settleDays(
  context: FoundationContext,
  task: FoundationTask,
  survey: Survey,
  days: readonly Day[],
  results: DayResult[],
): Promise<void> {
  let ended = false;
  for (const day of days) {
    const result: DayResult = ended
      ? { day, kind: 'postponed' }
      : await tryDay(context, task, survey, day);
    ended ||= result.kind === 'postponed' && !result.due;
    results.push(result);
    context.onDay?.(result);
  }
}

/** A loss is told for ever. So a day of which there is one is settled once more when another run stored something of it meanwhile: that may hold what the source no longer has. */
async function settleLostDays(
  context: FoundationContext,
  task: FoundationTask,
  survey: Survey,
  losses: readonly Loss[],
  results: DayResult[],
): Promise<void> {
  for (const { index, day } of await postponeDoubted(
    { store: context.store, foundation: task.foundation },
    losses,
    results,
  )) {
    results[index] = await tryDay(context, task, survey, day);
  }
}

async function tryDay(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  survey: Survey,
  day: Day,
): Promise<DayResult> {
  const { stored, records, recounted, kept, now } = survey;
  const before = records.get(day);
  const again = windowToRecount(day, before, false);
  const closed: ClosedDay = {
    foundation,
    policy,
    day,
    stored: stored.get(day) ?? NOTHING_STORED,
    before,
    mustRead: again !== undefined,
    kept,
    now,
  };
  const { parts } = context;
  try {
    if (parts === undefined) return await leaveUnread(context, closed);
    if (again) recounted.set(day, await context.source.count(again));
    const settled = await settleDay(
      {
        ...context,
        parts,
        settleMs: policy.settleMs,
        onStep: (name) => context.onDayStep?.(day, name),
        onPage: (facts) => context.onPage?.(day, facts),
      },
      closed,
    );
    if (again) await checkStill(context, day, again, before, recounted.get(day));
    const { outcome } = settled;
    const changed = outcome && (outcome.status !== 'unchanged' || outcome.adopted.length > 0);
    return changed
      ? { ...settled, ...outcome, counted: settled.counted, day, kind: 'archived' }
      : { ...settled, day, kind: 'unchanged', events: settled.archived };
  } catch (error) {
    const { code, message } = failureOfDay(error);
    if (code === 'DEADLINE_REACHED') return { day, kind: 'postponed' };
    // Counted all the same, so that the next run sees what vanished meanwhile.
    const counted = await countDay(context, day).catch(() => undefined);
    const seen = again === undefined ? counted?.events : recounted.get(day);
    const judged =
      seen !== undefined &&
      canJudgeFailed(survey, before, day, seen) &&
      // Listed after it was counted: what another run stored meanwhile may hold what the source has not.
      !(before?.archived === null && (await isHeld({ store: context.store, foundation }, day)));
    return { day, kind: 'failed', code, message, counted, stillThere: judged ? seen : undefined };
  }
}

async function leaveUnread(context: FoundationContext, closed: ClosedDay): Promise<DayResult> {
  const { day, before } = closed;
  const done = await lookAtDay(context, closed);
  if (done) return { ...done, day, kind: 'unchanged', events: done.archived };
  const counted = await countUnread(context, day, before);
  // Of a day that another run stored and did not report, the count may hold what is not in the archive yet: then it says nothing of what vanished.
  const unknown =
    (before?.archived ?? null) === null &&
    (await isHeld({ store: context.store, foundation: closed.foundation }, day));
  return { day, kind: 'postponed', due: true, counted: unknown ? undefined : counted };
}

async function storeReport(context: FoundationContext, report: RunReport): Promise<void> {
  const startedAt = new Date(report.started_at);
  for (;;) {
    const key = runReportKey(report.foundation, startedAt, randomBytes(4).toString('hex'));
    if ((await context.store.create(key, runReportBytes(report))) === 'created') return;
  }
}
