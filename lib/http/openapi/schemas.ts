import { z } from 'zod';
import type { ListShape } from '../../cloud-controller-api/list-message.ts';
import { DAY_STATES } from '../../domain/coverage.ts';

const count = z.int().min(0);
const instant = z.string().meta({ format: 'date-time' });
const text = z.string().nullable();

const partySchema = z.looseObject({ guid: text, type: text, name: text }).nullable();
const placeSchema = z.looseObject({ guid: z.string(), name: text.optional() }).nullable();

/** Cloud Controller's audit event; the names of space and organization only in our own API, `links` only in the drop-in. */
export const eventSchema = z
  .looseObject({
    guid: z.string(),
    created_at: instant.nullable(),
    updated_at: instant.nullable(),
    type: text,
    actor: partySchema,
    target: partySchema,
    data: z.unknown(),
    space: placeSchema,
    organization: placeSchema,
    links: z.object({ self: z.object({ href: z.url() }) }).optional(),
  })
  .meta({ id: 'Event' });

const coveredDaySchema = z.object({
  foundation: z.string(),
  dt: z.string().meta({ format: 'date' }),
  state: z.enum(DAY_STATES),
});

/** How complete an answer is. */
export const coverageSchema = z
  .object({
    complete: z.boolean(),
    days: z.record(z.enum(DAY_STATES), count),
    not_closed: z.array(coveredDaySchema),
    message: text,
  })
  .meta({ id: 'Coverage' });

export const eventsAnswerSchema = z.object({
  events: z.array(eventSchema),
  next_cursor: text.optional().meta({ description: 'Absent when `offset` was asked' }),
  total: count.optional().meta({ description: 'With `offset`, like the next two' }),
  offset: count.optional(),
  next_offset: count.nullable().optional(),
  coverage: coverageSchema,
  scanned_bytes: count,
  cost_usd: z.number(),
});

export const reportAnswerSchema = z.object({
  report: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.record(z.string(), text)),
  coverage: coverageSchema,
  scanned_bytes: count,
  cost_usd: z.number(),
});

/** Where a file is, when it is not the answer itself. */
export const exportLinkSchema = z.object({
  url: z.url(),
  expires_at: instant,
  rows: count,
  bytes: count,
  coverage: coverageSchema,
});

export const reportListSchema = z.object({
  reports: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      columns: z.array(z.string()),
    }),
  ),
});

export const coverageAnswerSchema = z.object({
  coverage: coverageSchema,
  days: z.array(coveredDaySchema),
});

export const eventTypesAnswerSchema = z.object({
  event_types: z.array(z.object({ type: text, events: count, first: instant, last: instant })),
  coverage: coverageSchema,
});

/** Errors in Cloud Controller's form, on every path. */
export const errorSchema = z
  .object({
    errors: z.array(z.object({ detail: z.string(), title: z.string(), code: z.int() })),
  })
  .meta({ id: 'Errors' });

const link = z.object({ href: z.url() });

/** A page of any list of the drop-in. */
export const pageSchema = (resource: z.ZodType) =>
  z.object({
    pagination: z.object({
      total_results: count,
      total_pages: z.int().min(1),
      first: link,
      last: link,
      next: link.nullable(),
      previous: link.nullable(),
    }),
    resources: z.array(resource),
  });

export const thingSchema = z
  .looseObject({
    guid: z.string(),
    created_at: instant,
    updated_at: instant,
    name: z.string(),
  })
  .meta({ id: 'Resource' });

const COMMA_LIST = 'Comma list';

/** A filter by time: a list of instants, or bounds, each a parameter with a name of its own. */
const times = (name: string) => ({
  [name]: z.string().optional().meta({ description: 'Comma list of YYYY-MM-DDThh:mm:ssZ' }),
  ...Object.fromEntries(
    Object.entries({ gt: 'After', gte: 'At or after', lt: 'Before', lte: 'At or before' }).map(
      ([operator, words]) => [
        `${name}[${operator}]`,
        z
          .string()
          .optional()
          .meta({ description: `${words}, in whole seconds: YYYY-MM-DDThh:mm:ssZ` }),
      ],
    ),
  ),
});

const listParameters = z.object({
  page: z.string().optional().meta({ description: 'From 1; default 1' }),
  per_page: z.string().optional().meta({ description: '1 to 5000; default 50' }),
  order_by: z.string().optional().meta({ description: '`-` in front: descending' }),
  ...times('created_ats'),
  ...times('updated_ats'),
  guids: z.string().optional().meta({ description: COMMA_LIST }),
});

/** What the name of a parameter alone does not tell. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  label_selector: 'Of labels the archive knows none: only what excludes one finds anything',
  stacks: 'Of stacks the archive knows none: finds nothing',
  isolation_segment_guid: 'Of isolation segments the archive knows none: finds nothing',
  lifecycle_type: 'Every app counts as `buildpack`',
};

/** Parameters of a list of the drop-in, for the document: Cloud Controller's own rules check them. */
export const parametersOfList = ({ own, lists, listObjects = [] }: ListShape): z.ZodObject =>
  listParameters.extend({
    ...Object.fromEntries(
      own.map((name) => {
        const description = DESCRIPTIONS[name] ?? (lists.includes(name) ? COMMA_LIST : undefined);
        return [
          name,
          z
            .string()
            .optional()
            .meta(description === undefined ? {} : { description }),
        ];
      }),
    ),
    ...Object.fromEntries(
      listObjects.map((name) => [
        `${name}[not]`,
        z.string().optional().meta({ description: 'None of these: comma list' }),
      ]),
    ),
  });
