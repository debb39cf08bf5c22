import { randomBytes } from 'node:crypto';
import { type Day, dayOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { runReportKey } from '../domain/object-keys.ts';
import { type Loss, type RunReport, runReportBytes } from '../domain/run-report.ts';
import { adoptOrphans } from './archive-day.ts';
import { countDay, windowToRecount } from './count-days.ts';
import type { DayResult, OpenDay } from './day-result.ts';
import { describeRun } from './describe-run.ts';
import { forgetDoubted, postponeDoubted } from './doubted-losses.ts';
import { failureOfDay } from './failed-day.ts';
import { findLosses } from './find-losses.ts';
import type { FoundationContext, FoundationTask } from './foundation-context.ts';
import { lastRunReport } from './run-history.ts';
import { orphansOf, readPartNames, type StoredDay } from './stored-day.ts';
import { type FoundationSurvey, selectDays, surveyFoundation } from './survey-foundation.ts';
import { tryDay } from './try-day.ts';

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

/** Manifests of days that left read at once. */
const READS_AT_ONCE = 8;

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
  let survey: FoundationSurvey | undefined;
  // Filled as the run goes, so that the report of a run that fails tells what it did.
  const open: OpenDay[] = [];
  const days: DayResult[] = [];
  const lossesSeen = (): Loss[] =>
    survey ? findLosses({ ...survey, policy: task.policy, days, openDays: open }) : [];
  const putOnRecord = async (error?: ArchiveError): Promise<RunReport> => {
    const losses = lossesSeen();
    const report = describeRun({
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
    await storeReport(context, report);
    for (const loss of losses) context.onLoss?.(loss);
    return report;
  };
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
      await putOnRecord(error);
    };
    await tell().catch(() => undefined);
    throw error;
  }
  const report = await putOnRecord();
  const due = days.flatMap((each) => (each.kind === 'postponed' && each.due ? [each.day] : []));
  return { foundation: task.foundation, days, losses: report.losses, due, report, before };
}

/** Days that are not closed are counted, so that the next run sees what vanished of them. A day that cannot be counted keeps the count that it had. */
async function countOpenDays(
  context: FoundationContext,
  survey: FoundationSurvey,
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
  { stored, kept }: FoundationSurvey,
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
  survey: FoundationSurvey,
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
  survey: FoundationSurvey,
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

async function storeReport(context: FoundationContext, report: RunReport): Promise<void> {
  const startedAt = new Date(report.started_at);
  for (;;) {
    const key = runReportKey(report.foundation, startedAt, randomBytes(4).toString('hex'));
    if ((await context.store.create(key, runReportBytes(report))) === 'created') return;
  }
}
