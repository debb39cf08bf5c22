import { parseDuration } from '../lib/config/duration.ts';
import { parseSchedule } from '../lib/config/schedule-expression.ts';
import { DAY_MS, dayOf, startOf } from '../lib/domain/day.ts';
import { HOUR_MS, plusMs } from '../lib/domain/instant.ts';
import { error, type ValidDocument, warning } from './deployment-problem.ts';
import { LONGEST_DAY_MS, type ScheduleRuns, scheduleRuns } from './schedule-runs.ts';
import { durationWords } from './words.ts';

/** A day that waits longer than this for its first run could have been stored much earlier. */
const LONG_WAIT_MS = 12 * HOUR_MS;

/** Days whose wait is looked at: two weeks, for schedules by day of week. */
const WAIT_DAYS = 14;

/** Whether the timers come often enough to keep every event and every link of the chain, and not before there is something to do. */
export function* checkSchedules(valid: ValidDocument, now: Date) {
  yield* checkArchiveSchedule(valid, now);
  yield* checkDigestSchedule(valid, now);
}

/** Schedules are judged from midnight on, so that one configuration has one answer all day long. */
function runsOf(
  { deployment }: ValidDocument,
  key: 'archive_schedule' | 'digest_schedule',
  now: Date,
): ScheduleRuns | undefined {
  const { [key]: expression, time_zone: timeZone } = deployment ?? {};
  if (expression === undefined || timeZone === undefined) return undefined;
  const schedule = parseSchedule(expression);
  return 'problem' in schedule ? undefined : scheduleRuns(schedule, timeZone, startOf(dayOf(now)));
}

function* checkArchiveSchedule(valid: ValidDocument, now: Date) {
  const path = ['deployment', 'archive_schedule'];
  const runs = runsOf(valid, 'archive_schedule', now);
  if (runs === undefined) return;
  const gap = gapWords(runs);
  for (const [index, { settle, retention_days: days }] of valid.foundations.entries()) {
    const settleMs = settle === undefined ? undefined : parseDuration(settle);
    if (settleMs === undefined || days === undefined) continue;
    const foundation = `foundations[${index}]`;
    const leftMs = (days - 1) * DAY_MS - settleMs;
    if (leftMs <= 0) {
      yield error(
        ['foundations', index, 'retention_days'],
        `${days} leaves no time to read a day: it closes ${durationWords(settleMs)} after its end, when its beginning is gone already; let Cloud Controller keep more, and write that here`,
      );
      continue;
    }
    if (runs.longestGapMs > leftMs) {
      yield error(
        path,
        `${gap}, and a day of ${foundation} can be read for ${durationWords(leftMs)} between its closing and the clean-up (retention_days ${days}): events would be lost; write a schedule that runs more often, such as cron(15 4/6 * * ? *)`,
      );
      return;
    }
    if (runs.longestGapMs > (runs.kind === 'rate' ? DAY_MS : LONGEST_DAY_MS)) {
      yield error(
        path,
        `${gap}, and the last check of a day before it leaves retention, and the alarms, want a run every day; write a schedule that runs every day, such as cron(15 4/6 * * ? *)`,
      );
      return;
    }
    const waitMs = longestWaitMs(runs, settleMs, now);
    if (waitMs > LONG_WAIT_MS) {
      const closes = new Date(settleMs % DAY_MS).toISOString().slice(11, 16);
      yield warning(
        path,
        `runs before ${foundation} has settled: a day closes at ${closes} UTC, and waits up to ${durationWords(waitMs)} for the next run; write a time soon after that, such as ${soonAfter(settleMs)}`,
      );
      return;
    }
  }
}

const gapWords = ({ longestGapMs }: ScheduleRuns): string =>
  longestGapMs === Number.POSITIVE_INFINITY
    ? 'ends one day, and nothing runs from then on'
    : `is up to ${durationWords(longestGapMs)} without a run`;

/** How long the slowest of the next days waits between its closing and the run that stores it. */
function longestWaitMs(runs: ScheduleRuns, settleMs: number, now: Date): number {
  const today = startOf(dayOf(now));
  const waits = Array.from({ length: WAIT_DAYS }, (_, index) => {
    const closes = plusMs(today, index * DAY_MS + settleMs);
    const run = runs.firstFrom(closes);
    return run === undefined ? 0 : run.getTime() - closes.getTime();
  });
  return Math.max(...waits);
}

function soonAfter(settleMs: number): string {
  const at = new Date((settleMs + 15 * 60_000) % DAY_MS);
  return `cron(${at.getUTCMinutes()} ${at.getUTCHours() % 6}/6 * * ? *) in UTC`;
}

/** Every UTC day must have its digest: at most one is signed a day, so a day that the timer skips stays without for ever. */
function* checkDigestSchedule(valid: ValidDocument, now: Date) {
  const path = ['deployment', 'digest_schedule'];
  const runs = runsOf(valid, 'digest_schedule', now);
  if (runs?.kind === 'rate' && runs.longestGapMs > DAY_MS)
    yield error(
      path,
      `${gapWords(runs)}, and skips a UTC day again and again, but a day without a digest is evidence of tampering for ever; write rate(24 hours) or less, or cron(45 5 * * ? *)`,
    );
  const day = runs?.firstDayWithout();
  if (day !== undefined)
    yield error(
      path,
      `has no run on ${day} (a day in UTC), and a day without a digest is evidence of tampering for ever; write a time that is on every UTC day also when the clock changes, such as cron(45 5 * * ? *)`,
    );
}
