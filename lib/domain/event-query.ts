import { createHash } from 'node:crypto';
import { z } from 'zod';
import { COLUMNS, type ColumnName } from './columns.ts';
import { foundationNameSchema } from './foundation.ts';

/** Athena takes no longer value, so nobody does. */
export const MAX_VALUE_LENGTH = 1024;

export const filterValue = (what: string) =>
  z
    .string()
    .min(1, `write ${what}`)
    .max(MAX_VALUE_LENGTH, `${what} has 1,024 characters at most`)
    .refine((text) => text.isWellFormed(), 'a lone surrogate is no text');

/** Whether a text can only be meant as a GUID: 8-4-4-4-12 hexadecimal digits. */
export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * A GUID of any case as Cloud Controller and UAA write it, in lower case; any other text as it is.
 *
 * The price: a GUID of this form that is *stored* with an upper-case letter, such as the id that somebody gave a UAA client, is not found by it; `exactly` finds it, and so does SQL. Looking for both forms would be one more value in every question, for what hardly exists.
 */
const asStored = (text: string): string => (isGuid(text) ? text.toLowerCase() : text);

/**
 * A GUID, or a name: case-insensitive, whole, `*` standing for any text.
 *
 * A text in the form of a GUID is a GUID and never a name; to find a thing that is *named* like one, put a `*` after it. Any other GUID, such as `app_autoscaler`, is compared letter for letter.
 */
export const nameOrGuidSchema = filterValue('a GUID or a name').overwrite(asStored);

/** An event type exactly, or all types that begin with what stands before a final `.*`: `audit.app.*`. */
export const typePatternSchema = filterValue('a type').refine(
  (text) => !text.includes('*') || (text.endsWith('.*') && text.indexOf('*') === text.length - 1),
  'use a whole type such as audit.app.update, or a prefix such as audit.app.*',
);

/** No event is older: Cloud Foundry itself is younger. Nothing is asked of the days before. */
export const EARLIEST = new Date('2010-01-01T00:00:00Z');

export const MAX_PAGE = 5000;
const LIMIT_FORM = `write a whole number from 1 to ${MAX_PAGE}`;

export const filterValues = <T extends z.ZodType>(schema: T) =>
  z.array(schema).max(100, 'give at most 100 values').default([]);

const columnNames = COLUMNS.map(({ name }) => name) as [ColumnName, ...ColumnName[]];

/** Columns to read, each once: a file cannot have two columns of the same name. */
export const columnsSchema = z
  .array(z.enum(columnNames))
  .min(1)
  .superRefine((names, context) => {
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated === undefined) return;
    context.addIssue({ code: 'custom', message: `must not name ${repeated} twice` });
  });

/** What an event must be like. All given filters must hold; several values of one filter are alternatives; a `not` filter keeps events that have no such value at all. */
export const eventFilterSchema = z.object({
  /** Events by their own GUID. */
  guids: filterValues(filterValue('the GUID of an event').overwrite(asStored)),
  types: filterValues(typePatternSchema),
  notTypes: filterValues(typePatternSchema),
  /** Who did it: GUID, name or user name. */
  actors: filterValues(nameOrGuidSchema),
  /** Exactly: `user`, `process`, `app` … */
  actorTypes: filterValues(filterValue('the type of an actor')),
  /** What it was done to: GUID or name. */
  targets: filterValues(nameOrGuidSchema),
  notTargets: filterValues(nameOrGuidSchema),
  targetTypes: filterValues(filterValue('the type of a target')),
  spaces: filterValues(nameOrGuidSchema),
  organizations: filterValues(nameOrGuidSchema),
  /** Texts that all occur somewhere in `data`, case-insensitive, as they are or as JSON writes them. */
  texts: filterValues(filterValue('a text')),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

/**
 * A column has one of these values, compared as Cloud Controller does: no pattern, no name, letters as they are. Null is a row without a value.
 *
 * `not`: it has a value, and none of these. No values: no row.
 */
const exactConditionSchema = z.object({
  column: z.enum(columnNames),
  values: z.array(z.union([z.string(), z.date(), z.null()])),
  not: z.boolean().default(false),
});
export type ExactCondition = z.infer<typeof exactConditionSchema>;

/** One question to the archive, whoever asks it. */
export const eventQuerySchema = eventFilterSchema.extend({
  /** All of them must hold, beside the filters. */
  exactly: z.array(exactConditionSchema).default([]),
  /** At least one. */
  foundations: z.array(foundationNameSchema).min(1),
  /** Half-open `[from, to)`. */
  from: z.date(),
  to: z.date(),
  /** How the range was asked for, such as `last 7d`: a cursor stays valid while the words do, though the clock moves. Default: its instants. */
  rangeWords: z.string().optional(),
  /** Whether nobody asked for a range: the newest events are then looked for first, in growing windows. */
  openRange: z.boolean().default(false),
  /** By `(created_at, guid)`. */
  order: z.enum(['newest', 'oldest']).default('newest'),
  /** Rows of a page. */
  limit: z.int(LIMIT_FORM).min(1, LIMIT_FORM).max(MAX_PAGE, LIMIT_FORM).default(50),
  /** `guid` and `created_at` are always read. */
  columns: columnsSchema.default(columnNames),
});
export type EventQuery = z.infer<typeof eventQuerySchema>;

/**
 * Lower-case hex SHA-256 of what is asked, apart from the size of a page and the columns: a cursor belongs to one such question.
 */
export function queryFingerprint(query: EventQuery): string {
  const { limit: _limit, columns: _columns, openRange: _open, ...asked } = query;
  const { from, to, rangeWords = `${from.toISOString()}/${to.toISOString()}`, ...filter } = asked;
  const members = Object.entries({ ...filter, range: rangeWords })
    .map(([key, member]) => [key, Array.isArray(member) ? [...member].sort() : member] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(members)).digest('hex');
}
