import { Temporal } from 'temporal-polyfill';
import { DAY_MS, dayOf, FIRST_INSTANT, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { earlierOf, instantSchema, plusMs } from '../domain/instant.ts';
import { joined, option, type Wording, worded } from '../domain/wording.ts';

/** How people say when: at most one of the words, or a beginning and an end. */
export interface RangeWords {
  /** A day or an instant; the range begins there. */
  readonly from?: string | undefined;
  /** A day or an instant; the range ends before it. */
  readonly to?: string | undefined;
  readonly today?: boolean | undefined;
  readonly yesterday?: boolean | undefined;
  /** Whole number and m, h, d or w: `7d`. */
  readonly last?: string | undefined;
  /** `2026-03` */
  readonly month?: string | undefined;
  /** Name of the IANA data base in which days and months are meant; default UTC. */
  readonly timeZone?: string | undefined;
}

export interface AskedRange {
  /** Half-open; undefined: from wherever the archive begins. */
  readonly from: Date | undefined;
  /** Exclusive. Never later than the later end of today, in UTC or in the asked zone. */
  readonly to: Date;
  /** The words, for a cursor to be bound to. */
  readonly words: string;
}

/** Tag of a template, as `worded` is. */
const invalid = (...template: Parameters<typeof worded>): ArchiveError =>
  new ArchiveError('QUERY_INVALID', [worded(...template)]);

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * Turn words into a half-open range of instants. A day of a time zone is 23 or 25 hours long when its clocks change.
 *
 * @throws ArchiveError QUERY_INVALID naming the option
 */
export function askedRange(asked: RangeWords, now: Date): AskedRange {
  const zone = timeZone(asked.timeZone ?? 'UTC');
  const given = wordsGiven(asked);
  if (given.length > 1) {
    throw invalid`${joined(given, ' and ')} exclude each other: write one of them, or ${option('from')} and ${option('to')}`;
  }
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate();
  const end = endOfToday(today, zone, now);
  const range = rangeOf(asked, { zone, today, now, end });
  if (range.from && range.from >= end)
    throw invalid`${asked.from === undefined ? given.flat() : option('from')} lies in the future`;
  if (range.to <= FIRST_INSTANT) throw invalid`${option('to')} lies before the year 0`;
  const to = earlierOf(range.to, end);
  if (range.from && range.from >= range.to)
    throw invalid`${option('from')} must be earlier than ${option('to')}`;
  return { from: range.from, to, words: JSON.stringify({ ...asked, timeZone: zone }) };
}

/** The later end of today in the zone and in UTC: after it nothing has happened yet, and no day can be missing. */
function endOfToday(today: Temporal.PlainDate, zone: string, now: Date): Date {
  const local = startOfDay(today.add({ days: 1 }), zone);
  const utc = startOf(dayOf(now)).getTime() + DAY_MS;
  return local.getTime() > utc ? local : new Date(utc);
}

function wordsGiven({ today, yesterday, last, month, from, to }: RangeWords): Wording[] {
  return [
    ...(today ? [[option('today')]] : []),
    ...(yesterday ? [[option('yesterday')]] : []),
    ...(last === undefined ? [] : [[option('last')]]),
    ...(month === undefined ? [] : [[option('month')]]),
    ...(from === undefined && to === undefined ? [] : [worded`${option('from')}/${option('to')}`]),
  ];
}

interface Clock {
  readonly zone: string;
  readonly today: Temporal.PlainDate;
  readonly now: Date;
  readonly end: Date;
}

function rangeOf(asked: RangeWords, { zone, today, now, end }: Clock) {
  const day = (date: Temporal.PlainDate) => ({
    from: startOfDay(date, zone),
    to: startOfDay(date.add({ days: 1 }), zone),
  });
  if (asked.today) return day(today);
  if (asked.yesterday) return day(today.subtract({ days: 1 }));
  if (asked.last !== undefined) return { from: plusMs(now, -durationOf(asked.last)), to: now };
  if (asked.month !== undefined) return monthOf(asked.month, zone);
  return {
    from: asked.from === undefined ? undefined : instantOf('from', asked.from, zone),
    to: asked.to === undefined ? end : instantOf('to', asked.to, zone),
  };
}

const startOfDay = (date: Temporal.PlainDate, zone: string): Date =>
  new Date(date.toZonedDateTime(zone).epochMilliseconds);

function timeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw invalid`${option('time-zone')} ${name}: write a time zone such as Europe/Berlin or UTC`;
  }
}

function durationOf(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms > 0) return ms;
  throw invalid`${option('last')} ${text}: write a whole number and m, h, d or w, such as 7d`;
}

function monthOf(text: string, zone: string): { from: Date; to: Date } {
  try {
    if (!/^\d{4}-\d{2}$/.test(text)) throw new RangeError(text);
    const first = Temporal.PlainYearMonth.from(text).toPlainDate({ day: 1 });
    return { from: startOfDay(first, zone), to: startOfDay(first.add({ months: 1 }), zone) };
  } catch {
    throw invalid`${option('month')} ${text}: write a month such as 2026-03`;
  }
}

function instantOf(name: string, text: string, zone: string): Date {
  const instant = instantSchema.safeParse(text);
  if (instant.success) return instant.data;
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError(text);
    return startOfDay(Temporal.PlainDate.from(text), zone);
  } catch {
    const kind = zone === 'UTC' ? 'a UTC day' : 'a day';
    throw invalid`${option(name)} ${text}: write ${kind} such as 2026-03-01, or an instant such as 2026-03-01T12:00:00Z`;
  }
}
