import { randomBytes } from 'node:crypto';
import { type ArchivePolicy, closedDays, closesAt, oldestKept } from '../domain/archive-policy.ts';
import { type Day, dayOf, daysFrom, windowOf } from '../domain/day.ts';
import { ArchiveError, type ErrorCode } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { earlierOf, floorToSecond, secondText } from '../domain/instant.ts';
import type { Counted } from '../domain/losses.ts';
import { runReportKey } from '../domain/object-keys.ts';
import { type Loss, type RunDay, type RunReport, runReportBytes } from '../domain/run-report.ts';
import type { DayContext, DayStep } from './day-context.ts';
import { type DayResult, describeRun, type OpenDay } from './describe-run.ts';
import { findLosses } from './find-losses.ts';
import type { PageFacts } from './ports.ts';
import { lastRunReport } from './run-history.ts';
import { settleDay } from './settle-day.ts';
import { listStoredDays, NOTHING_STORED, type StoredDay } from './stored-day.ts';

export interface FoundationResult {
  readonly foundation: FoundationName;
  /** Closed days, oldest first. */
  readonly days: readonly DayResult[];
  /** Losses that this run found. */
  readonly losses: readonly Loss[];
}

export interface FoundationTask {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  /** Look at this day only. */
  readonly day?: Day | undefined;
}

export interface FoundationContext extends Omit<DayContext, 'settleMs' | 'onStep' | 'onPage'> {
  readonly onDays?: ((days: readonly Day[]) => void) | undefined;
  readonly onDayStep?: ((day: Day, step: DayStep) => void | Promise<void>) | undefined;
  readonly onPage?: ((day: Day, facts: PageFacts) => void) | undefined;
  readonly onDay?: ((result: DayResult) => void) | undefined;
  readonly onLoss?: ((loss: Loss) => void) | undefined;
}

/** Failures that the next day would meet too: the run of this foundation ends. */
const ENDS_THE_RUN: ReadonlySet<ErrorCode> = new Set([
  'CF_UNAUTHORIZED',
  'CF_SCOPE_MISSING',
  'STORE_DENIED',
  'STORE_FULL',
  'STORE_NOT_FOUND',
]);

/** What a run knows before it does anything. */
interface Survey {
  readonly now: Date;
  readonly before: RunReport | undefined;
  readonly oldest: Date | undefined;
  readonly kept: Date;
  readonly closed: readonly Day[];
  readonly open: readonly Day[];
  readonly stored: ReadonlyMap<Day, StoredDay>;
}

/**
 * Complete every closed day that the source still keeps, and leave a report: one run of one foundation.
 *
 * Level-triggered: each run looks at all of those days and repairs what is missing, so the first run, missed runs and late events are all the same case. What fails fails its day only, and is tried on the next run.
 *
 * @throws ArchiveError when nothing can be read or stored at all; where the archive can be written, the report says so too
 */
export async function archiveFoundation(
  context: FoundationContext,
  task: FoundationTask,
): Promise<FoundationResult> {
  const startedAt = context.now();
  const before = await lastRunReport(context.store, task.foundation, startedAt);
  let survey: Survey | undefined;
  let days: DayResult[] = [];
  const report = (open: readonly OpenDay[], losses: readonly Loss[], error?: ArchiveError) =>
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
    const recounted = await recountDays(context, survey, [...wanted, ...survey.open]);
    const open = await countOpenDays(context, survey.open);
    days = await settleDays(context, task, survey, wanted);
    const losses = findLosses({ ...survey, recounted, days, openDays: open });
    for (const loss of losses) context.onLoss?.(loss);
    await storeReport(context, report(open, losses));
    return { foundation: task.foundation, days, losses };
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'USAGE_INVALID') throw error;
    // Where the archive itself is the trouble there is nowhere to report to; the error says it all.
    await storeReport(context, report([], [], error)).catch(() => undefined);
    throw error;
  }
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
  const known = before?.days[0]?.dt ?? first;
  const stored = await listStoredDays(
    context.store,
    foundation,
    known < first ? known : first,
    dayOf(now),
  );
  return { now, before, oldest, kept, closed, open, stored };
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

/** Days that are not closed are counted, so that the next run sees what vanished of them. */
async function countOpenDays(context: FoundationContext, days: readonly Day[]): Promise<OpenDay[]> {
  const counted: OpenDay[] = [];
  for (const day of days) {
    try {
      counted.push({ day, counted: await countDay(context, day) });
    } catch (error) {
      if (!(error instanceof ArchiveError) || ENDS_THE_RUN.has(error.code)) throw error;
      counted.push({ day, counted: undefined, error });
    }
  }
  return counted;
}

/**
 * Count again what the last run counted of days that were not stored and not over: the same window, so that what came later hides nothing that vanished.
 * Where the source does not answer, the count of the whole day has to do.
 */
async function recountDays(
  context: FoundationContext,
  { before }: Survey,
  days: readonly Day[],
): Promise<ReadonlyMap<Day, number>> {
  const recounted = new Map<Day, number>();
  for (const { dt, archived, last_counted } of before?.days ?? []) {
    const { from, to } = windowOf(dt);
    const until = floorToSecond(new Date(last_counted?.at ?? to));
    if (!days.includes(dt) || archived !== null || until <= from || until >= to) continue;
    try {
      recounted.set(dt, await context.source.count({ from, to: until }));
    } catch (error) {
      if (!(error instanceof ArchiveError) || ENDS_THE_RUN.has(error.code)) throw error;
    }
  }
  return recounted;
}

/** Of a day that is not over, what was created before `at`: the next run can then count the very same again, whatever its clock says. */
async function countDay(context: FoundationContext, day: Day): Promise<Counted> {
  const { from, to } = windowOf(day);
  const at = floorToSecond(context.now());
  if (at <= from) return { events: 0, at };
  return { events: await context.source.count({ from, to: earlierOf(at, to) }), at };
}

async function settleDays(
  context: FoundationContext,
  task: FoundationTask,
  survey: Survey,
  days: readonly Day[],
): Promise<DayResult[]> {
  const reported = new Map(survey.before?.days.map((day) => [day.dt, day]));
  const results: DayResult[] = [];
  let ended = false;
  for (const day of days) {
    const result: DayResult = ended
      ? { day, kind: 'postponed' }
      : await tryDay(context, task, survey, day, reported.get(day));
    ended ||= result.kind === 'postponed';
    results.push(result);
    context.onDay?.(result);
  }
  return results;
}

async function tryDay(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  { stored, kept, now }: Survey,
  day: Day,
  before: RunDay | undefined,
): Promise<DayResult> {
  try {
    const settled = await settleDay(
      {
        ...context,
        settleMs: policy.settleMs,
        onStep: (name) => context.onDayStep?.(day, name),
        onPage: (facts) => context.onPage?.(day, facts),
      },
      { foundation, policy, day, stored: stored.get(day) ?? NOTHING_STORED, before, kept, now },
    );
    const { outcome } = settled;
    const changed = outcome && (outcome.status !== 'unchanged' || outcome.adopted.length > 0);
    return changed
      ? { ...settled, ...outcome, counted: settled.counted, day, kind: 'archived' }
      : { ...settled, day, kind: 'unchanged', events: settled.archived };
  } catch (error) {
    if (!(error instanceof ArchiveError) || ENDS_THE_RUN.has(error.code)) throw error;
    if (error.code === 'DEADLINE_REACHED') return { day, kind: 'postponed' };
    // Counted all the same, so that the next run sees what vanished meanwhile.
    const counted = await countDay(context, day).catch(() => undefined);
    return { day, kind: 'failed', code: error.code, message: error.message, counted };
  }
}

async function storeReport(context: FoundationContext, report: RunReport): Promise<void> {
  const startedAt = new Date(report.started_at);
  for (;;) {
    const key = runReportKey(report.foundation, startedAt, randomBytes(4).toString('hex'));
    if ((await context.store.create(key, runReportBytes(report))) === 'created') return;
  }
}
