import type { Context } from 'hono';
import { z } from 'zod';
import { type ApiError, apiError } from '../../cloud-controller-api/api-error.ts';
import { columnsSchema, MAX_PAGE } from '../../domain/event-query.ts';
import { EXPORT_FORMATS } from '../../report/export-source.ts';

const several = (description: string) =>
  z
    .array(z.string())
    .optional()
    .meta({ description: `${description} (repeatable)` });
const one = (description: string) => z.string().optional().meta({ description });
const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description });
const wholeNumber = (description: string, least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`))
    .optional()
    .meta({ description });

/** When, and where. */
export const rangeParameters = z.strictObject({
  foundation: one('Only this foundation; needed where there are several and callers are known'),
  from: one('A day or an instant; the range begins there. Default: the first archived day'),
  to: one('A day or an instant; the range ends before it. Default: now'),
  start: one('The same as `from`'),
  end: one('The same as `to`'),
  today: flag('Only today'),
  yesterday: flag('Only yesterday'),
  last: one('Until now: a whole number and m, h, d or w, such as `7d`'),
  month: one('A whole month, such as `2026-03`'),
  time_zone: one('What days and months are meant in, such as `Europe/Berlin`; default UTC'),
});

/** Who did what to what. */
const filterParameters = rangeParameters.extend({
  actor: several('Who did it: GUID or name, `*` allowed'),
  target: several('What it was done to: GUID or name, `*` allowed'),
  space: several('GUID or name, `*` allowed'),
  organization: several('GUID or name, `*` allowed'),
});

const format = z.enum(EXPORT_FORMATS).optional().meta({
  description:
    'Default: what `Accept` asks for, else `json`; the function in the cloud makes no `parquet`',
});

/** `GET /api/v1/events` */
export const eventsParameters = filterParameters.extend({
  guid: several('The event with this GUID'),
  type: several('A type, or a prefix such as `audit.app.*`'),
  not_type: several('Not this type or prefix'),
  not_target: several('Not done to this GUID or name'),
  actor_type: several('Such as `user` or `process`'),
  target_type: several('Such as `app` or `route`'),
  text: several('Occurs in the data of the event; all of several'),
  order: z.enum(['newest', 'oldest']).optional().meta({ description: 'Default: newest' }),
  limit: wholeNumber('Events of a page; default 50', 1, MAX_PAGE),
  offset: wholeNumber('Events before the page, instead of a cursor', 0, 999_999_999),
  cursor: one('The next page: what the page before ended with'),
  columns: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(columnsSchema)
    .optional()
    .meta({ description: 'Columns of CSV and Parquet, with commas between' }),
  format,
  file: flag(
    'Every event that matches, as a file, without `limit`, `cursor` and `offset`; CSV, NDJSON and Parquet are always that',
  ),
});
export type EventsParameters = z.infer<typeof eventsParameters>;

/** `GET /api/v1/queries` */
export const queriesParameters = rangeParameters.extend({
  user: several('Who asked: GUID or user name, `*` allowed'),
  client: several('With which UAA client, `*` allowed'),
  path: several('What was asked, such as `/v3/*`, `*` allowed'),
  ticket: several('The purpose that was given, `*` allowed'),
  outcome: several('`answered`, `aborted`, or the code of an error'),
  address: several('From where, `*` allowed'),
  text: several('Occurs in a parameter; all of several'),
  order: z.enum(['newest', 'oldest']).optional().meta({ description: 'Default: newest' }),
  limit: wholeNumber('Questions of a page; default 50', 1, MAX_PAGE),
  cursor: one('The next page: what the page before ended with'),
});

/** `GET /api/v1/reports/:name` */
export const reportParameters = filterParameters.extend({ format });
export type ReportParameters = z.infer<typeof reportParameters>;

/** The parameters of a URL, or the error that names every one that is wrong. */
export function readParameters<T extends z.ZodObject>(
  c: Context,
  schema: T,
): { readonly given: z.infer<T> } | { readonly problem: ApiError } {
  const given = new URL(c.req.url).searchParams;
  const values = [...new Set(given.keys())].map((name) => {
    const all = given.getAll(name);
    return [name, isList(schema.shape[name]) || all.length > 1 ? all : all[0]];
  });
  const parsed = schema.safeParse(Object.fromEntries(values));
  if (parsed.success) return { given: parsed.data };
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.map(problemOf(known));
  return { problem: apiError('BadQueryParameter', problems.join(', ')) };
}

const isList = (schema: unknown): boolean =>
  schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodArray;

const problemOf =
  (known: readonly string[]) =>
  (issue: z.core.$ZodIssue): string => {
    if (issue.code === 'unrecognized_keys') {
      return `Unknown query parameter(s): '${issue.keys.join("', '")}'. Valid parameters are: '${known.join("', '")}'`;
    }
    const [name] = issue.path;
    if (issue.code === 'invalid_type') return `${String(name)} must be given once`;
    if (issue.code === 'invalid_value') {
      return `${String(name)} must be one of ${issue.values.map(String).join(', ')}`;
    }
    return `${String(name)} ${issue.message}`;
  };
