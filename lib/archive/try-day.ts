import type { Day } from '../domain/day.ts';
import type { Counted } from '../domain/losses.ts';
import type { RunDay } from '../domain/run-report.ts';
import { countDay, countUnread, windowToRecount } from './count-days.ts';
import type { DayResult } from './day-result.ts';
import { isHeld } from './doubted-losses.ts';
import { failureOfDay } from './failed-day.ts';
import { canJudgeFailed } from './find-losses.ts';
import type { FoundationContext, FoundationTask } from './foundation-context.ts';
import { type ClosedDay, lookAtDay, settleDay } from './settle-day.ts';
import { NOTHING_STORED } from './stored-day.ts';
import type { FoundationSurvey } from './survey-foundation.ts';

/** One closed day of a run: settled, or left to others where the run reads none. What fails fails the day only. */
export async function tryDay(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  survey: FoundationSurvey,
  day: Day,
): Promise<DayResult> {
  const { stored, records, kept, now } = survey;
  const before = records.get(day);
  const recount = windowToRecount(day, before, false);
  const closed: ClosedDay = {
    foundation,
    policy,
    day,
    stored: stored.get(day) ?? NOTHING_STORED,
    before,
    recount,
    kept,
    now,
  };
  const { parts } = context;
  // In case the time is over before the day is read.
  let left: Counted | undefined;
  // Counted before the day is read: should that fail, what vanishes meanwhile is told by the next run.
  let stillThere: number | undefined;
  try {
    if (parts === undefined) return await leaveUnread(context, closed);
    if (recount) stillThere = await context.source.count(recount);
    if (!isStored(before)) left = await countLeft(context, closed).catch(() => undefined);
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
    const { outcome } = settled;
    const changed = outcome && (outcome.status !== 'unchanged' || outcome.adopted.length > 0);
    return changed
      ? { ...settled, ...outcome, counted: settled.counted, day, kind: 'archived' }
      : { ...settled, day, kind: 'unchanged', events: settled.archived };
  } catch (error) {
    const { code, message } = failureOfDay(error);
    if (code === 'DEADLINE_REACHED') return { day, kind: 'postponed', counted: left };
    // Counted all the same, so that the next run sees what vanished meanwhile.
    const counted = await countDay(context, day).catch(() => undefined);
    const seen = recount === undefined ? counted?.events : stillThere;
    // Without a count of its own the one before stands, and the next run would tell the same again.
    const judged =
      counted !== undefined &&
      seen !== undefined &&
      canJudgeFailed(survey, before, day, seen) &&
      // Listed after it was counted: what another run stored meanwhile may hold what the source has not.
      !(before?.archived === null && (await isHeld({ store: context.store, foundation }, day)));
    return { day, kind: 'failed', code, message, counted, stillThere: judged ? seen : undefined };
  }
}

async function leaveUnread(context: FoundationContext, closed: ClosedDay): Promise<DayResult> {
  const { day } = closed;
  const done = await lookAtDay(context, closed);
  if (done) return { ...done, day, kind: 'unchanged', events: done.archived };
  return { day, kind: 'postponed', due: true, counted: await countLeft(context, closed) };
}

/** By the record of the last run. */
const isStored = (before: RunDay | undefined): boolean => (before?.archived ?? null) !== null;

/** The count of a day that this run may leave to others, for them to judge by. */
async function countLeft(
  context: FoundationContext,
  { foundation, day, before }: ClosedDay,
): Promise<Counted | undefined> {
  const counted = await countUnread(context, day, before);
  // Of a day that another run stored and did not report, the count may hold what is not in the archive yet: then it says nothing of what vanished.
  const unknown = !isStored(before) && (await isHeld({ store: context.store, foundation }, day));
  return unknown ? undefined : counted;
}
