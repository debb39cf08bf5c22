import { DAY_MS } from '../domain/day.ts';
import { HOUR_MS } from '../domain/instant.ts';

/** When a timer of EventBridge Scheduler runs, taken apart; nothing is converted. */
export type Schedule =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly fields: CronFields };

export type CronFields = Readonly<Record<FieldName, string>>;

type FieldName = 'minutes' | 'hours' | 'dayOfMonth' | 'month' | 'dayOfWeek' | 'year';

interface Field {
  readonly name: FieldName;
  /** As messages call it. */
  readonly words: string;
  readonly from: number;
  readonly to: number;
  /** Names of the values, from the first one on. */
  readonly names?: readonly string[];
  /** What only this field takes beside `*`, values, ranges, steps and lists. */
  readonly special?: RegExp;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** In the order in which they are written. */
const FIELDS: readonly Field[] = [
  { name: 'minutes', words: 'minutes', from: 0, to: 59 },
  { name: 'hours', words: 'hours', from: 0, to: 23 },
  {
    name: 'dayOfMonth',
    words: 'day of month',
    from: 1,
    to: 31,
    special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/,
  },
  { name: 'month', words: 'month', from: 1, to: 12, names: MONTHS },
  {
    name: 'dayOfWeek',
    words: 'day of week',
    from: 1,
    to: 7,
    names: WEEKDAYS,
    special: /^(\?|[1-7]?L|[1-7]#[1-5])$/,
  },
  { name: 'year', words: 'year', from: 1970, to: 2199 },
];

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: HOUR_MS,
  day: DAY_MS,
};

const FORMS = 'write cron(15 4 * * ? *) or rate(6 hours)';

/**
 * Take apart an expression of EventBridge Scheduler: `cron(…)` with six fields, or `rate(…)`.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(text: string): Schedule | { readonly problem: string } {
  const [, kind, inner = ''] = /^([a-z]+)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'rate') return parseRate(inner);
  if (kind === 'cron') return parseCron(inner);
  if (kind === 'at') return { problem: `at(…) runs once and never again; ${FORMS}` };
  return { problem: `"${text}" is no schedule; ${FORMS}` };
}

function parseRate(inner: string): Schedule | { readonly problem: string } {
  const [, count = '', unit = ''] = /^([1-9]\d{0,3}) (minute|hour|day)s?$/.exec(inner.trim()) ?? [];
  const unitMs = UNIT_MS[unit];
  return unitMs === undefined
    ? { problem: `rate(${inner}) must be a whole number and minutes, hours or days; ${FORMS}` }
    : { kind: 'rate', everyMs: Number(count) * unitMs };
}

function parseCron(inner: string): Schedule | { readonly problem: string } {
  const written = inner.trim().split(/ +/);
  if (written.length !== FIELDS.length)
    return {
      problem: `cron(${inner}) has ${written.length} of ${FIELDS.length} fields (${FIELDS.map(({ words }) => words).join(', ')}); ${FORMS}`,
    };
  for (const [index, field] of FIELDS.entries()) {
    const problem = problemOf(field, written[index] ?? '');
    if (problem !== undefined) return { problem };
  }
  const fields = Object.fromEntries(
    FIELDS.map(({ name }, index) => [name, written[index] ?? '']),
  ) as CronFields;
  if ((fields.dayOfMonth === '?') === (fields.dayOfWeek === '?'))
    return {
      problem: `cron(${inner}) must have ? in one of day of month and day of week, and only in one; ${FORMS}`,
    };
  return { kind: 'cron', fields };
}

function problemOf(field: Field, text: string): string | undefined {
  if (field.special?.test(text)) return undefined;
  const wrong = text.split(',').find((element) => !isElement(field, element));
  return wrong === undefined
    ? undefined
    : `"${wrong}" is no ${field.words}: ${field.from} to ${field.to}${field.names ? ` or ${field.names[0]} to ${field.names.at(-1)}` : ''}, ranges (from-to), steps (from/every) and lists (a,b)`;
}

/** `*`, a value, an ascending range; each of them with a step. */
function isElement(field: Field, element: string): boolean {
  const [range = '', step, ...more] = element.split('/');
  if (more.length > 0) return false;
  if (step !== undefined && !(/^[1-9]\d{0,3}$/.test(step) && Number(step) <= field.to))
    return false;
  if (range === '*') return true;
  const [from, to, ...rest] = range.split('-').map((value) => numberOf(field, value));
  if (from === undefined || rest.length > 0) return false;
  return range.includes('-') ? to !== undefined && from <= to : true;
}

/** The number of a value or of its name; undefined outside the field's range. */
function numberOf({ from, to, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return from + named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}
