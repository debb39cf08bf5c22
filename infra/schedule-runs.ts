import { Cron } from 'croner';
import {
  type CronFields,
  parseSchedule,
  type Schedule,
} from '../lib/config/schedule-expression.ts';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../lib/domain/day.ts';
import { HOUR_MS, plusMs } from '../lib/domain/instant.ts';

/** More than a year, so that months and the changes of the clock are among them. */
const HORIZON_MS = 400 * DAY_MS;

/** A day on which the clock is set back is as long. */
export const LONGEST_DAY_MS = 25 * HOUR_MS;

/** How many days of runs tell what every day looks like: two weeks, for schedules by day of week. */
const SAMPLE_MS = 14 * DAY_MS;

/** How often a schedule runs, and when. */
export interface ScheduleRuns {
  readonly kind: Schedule['kind'];
  /** Longest time without a run during the next 400 days; Infinity when a time comes from which it never runs. */
  readonly longestGapMs: number;
  /** The first run at or after an instant; undefined when there is none, or when it depends on the hour of the deployment (`rate`). */
  readonly firstFrom: (instant: Date) => Date | undefined;
  /** The first UTC day of the next 400 without any run; undefined when there is none, or when it depends on the hour of the deployment (`rate`). */
  readonly firstDayWithout: () => Day | undefined;
  /** Runs of 30 days, about. */
  readonly runsAMonth: number;
}

/** Of a configuration that was checked: an expression that cannot be read is a fault of this program. */
export function checkedSchedule(expression: string): Schedule {
  const schedule = parseSchedule(expression);
  if ('problem' in schedule) throw new Error(schedule.problem);
  return schedule;
}

/**
 * @param timeZone - in which a cron expression is meant
 * @param from - what the 400 days begin with
 */
export function scheduleRuns(schedule: Schedule, timeZone: string, from: Date): ScheduleRuns {
  if (schedule.kind === 'rate')
    return {
      kind: 'rate',
      longestGapMs: schedule.everyMs,
      firstFrom: () => undefined,
      firstDayWithout: () => undefined,
      runsAMonth: (30 * DAY_MS) / schedule.everyMs,
    };
  const { fields } = schedule;
  const all = cronOf(fields, timeZone);
  const firstFrom = (instant: Date): Date | undefined => runAfter(all, plusMs(instant, -1));
  return {
    kind: 'cron',
    longestGapMs: longestGapMs(fields, timeZone, from),
    firstFrom,
    firstDayWithout: () => {
      // The usual case, and the walk takes half a second.
      if (isEveryDay(fields) && timeZone === 'UTC') return undefined;
      return daysFrom(dayOf(from), dayOf(plusMs(from, HORIZON_MS))).find((day) => {
        const run = firstFrom(startOf(day));
        return run === undefined || dayOf(run) !== day;
      });
    },
    runsAMonth: (runsInSample(fields, timeZone, from) * 30 * DAY_MS) / SAMPLE_MS,
  };
}

/**
 * The next time at which EventBridge runs it: an hour that the clock leaves out in spring has no run, and croner makes one of it an hour later.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
function runAfter(cron: Cron, instant: Date): Date | undefined {
  let next = cron.nextRun(instant);
  while (next !== null && !cron.match(next)) next = cron.nextRun(next);
  return next ?? undefined;
}

/** Looks at the first run of each day for a year, and at the first run of each hour for two weeks: at every single run it would take minutes. Of one hour a day it looks at each for a year. */
function longestGapMs(fields: CronFields, timeZone: string, from: Date): number {
  const hourly = { ...fields, minutes: firstValue(fields.minutes) };
  const daily = { ...hourly, hours: firstValue(fields.hours) };
  if (daily.hours === fields.hours && timeZone !== 'UTC')
    return gapMs(cronOf(daily, timeZone), from, HORIZON_MS);
  // Where the clock leaves out the first hour, a later one of that day runs: the first, moved, stands for it.
  const betweenDays = isEveryDay(fields)
    ? 0
    : gapMs(cronOf(daily, timeZone), from, HORIZON_MS, 'moved');
  return betweenDays > LONGEST_DAY_MS
    ? betweenDays
    : gapMs(cronOf(hourly, timeZone), from, SAMPLE_MS);
}

/** Whether it runs on each day of the calendar, for ever. */
export const isEveryDay = ({ dayOfMonth, month, dayOfWeek, year }: CronFields): boolean =>
  [dayOfMonth, month, dayOfWeek, year].every((field) => /^[*?]$/.test(field));

/** Up to the first run after `forMs`, too: what follows the last one may be the longest. */
function gapMs(cron: Cron, from: Date, forMs: number, leftOut?: 'moved'): number {
  const until = from.getTime() + forMs;
  let longest = 0;
  for (let last = from; last.getTime() < until; ) {
    const next = leftOut === 'moved' ? cron.nextRun(last) : runAfter(cron, last);
    if (!next) return Number.POSITIVE_INFINITY;
    longest = Math.max(longest, next.getTime() - last.getTime());
    last = next;
  }
  return longest;
}

/** Runs of two weeks: every hour has as many as its first minutes say. */
function runsInSample(fields: CronFields, timeZone: string, from: Date): number {
  const hourly = cronOf({ ...fields, minutes: firstValue(fields.minutes) }, timeZone);
  const until = new Date(from.getTime() + SAMPLE_MS);
  let hours = 0;
  for (
    let next = hourly.nextRun(new Date(from.getTime() - 1));
    next !== null && next < until;
    next = hourly.nextRun(next)
  )
    hours += 1;
  return hours * minutesOf(fields.minutes).length;
}

/** Every minute of an hour that the field means. */
function minutesOf(field: string): number[] {
  const last = 59;
  const isMeant = (minute: number): boolean =>
    field.split(',').some((element) => {
      const [range = '', step] = element.split('/');
      const [from = '', to = step === undefined ? from : String(last)] =
        range === '*' ? ['0', String(last)] : range.split('-');
      const after = minute - Number(from);
      return after >= 0 && minute <= Number(to) && after % Number(step ?? 1) === 0;
    });
  return Array.from({ length: last + 1 }, (_, minute) => minute).filter(isMeant);
}

const firstValue = (field: string): string =>
  String(Math.min(...field.split(',').map((element) => Number.parseInt(element, 10) || 0)));

/** EventBridge counts the days of a week from 1, and `4/6` has no end; croner counts from 0, and wants one. */
function cronOf(
  { minutes, hours, dayOfMonth, month, dayOfWeek, year }: CronFields,
  timeZone: string,
) {
  const pattern = [
    '0',
    withEnds(minutes, 59),
    withEnds(hours, 23),
    withEnds(anyFor(dayOfMonth), 31),
    withEnds(month, 12),
    withEnds(fromZero(anyFor(dayOfWeek)), 6),
    withEnds(year, 2199),
  ].join(' ');
  return new Cron(pattern, { timezone: timeZone });
}

const anyFor = (field: string): string => (field === '?' ? '*' : field);

const withEnds = (field: string, to: number): string =>
  field.replaceAll(/(^|,)(\w+)\//g, `$1$2-${to}/`);

/** `L` alone is Saturday. */
const fromZero = (dayOfWeek: string): string =>
  dayOfWeek === 'L'
    ? '6'
    : dayOfWeek.replaceAll(/(?<![#/\d])[1-7]/g, (day) => String(Number(day) - 1));
