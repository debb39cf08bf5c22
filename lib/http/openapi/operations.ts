import { z } from 'zod';
import { EVENTS_LIST } from '../../cloud-controller-api/events-list-message.ts';
import {
  APPS_LIST,
  ORGANIZATIONS_LIST,
  SPACES_LIST,
} from '../../cloud-controller-api/resource-list-messages.ts';
import { loggedQuestionSchema } from '../../domain/logged-question.ts';
import {
  eventsParameters,
  queriesParameters,
  rangeParameters,
  reportParameters,
} from '../api/parameters.ts';
import {
  coverageAnswerSchema,
  eventSchema,
  eventsAnswerSchema,
  eventTypesAnswerSchema,
  pageSchema,
  parametersOfList,
  reportAnswerSchema,
  reportListSchema,
  thingSchema,
} from './schemas.ts';

/** What the document says of one path. */
export interface Operation {
  readonly path: string;
  readonly summary: string;
  readonly parameters?: z.ZodObject;
  readonly answer: z.ZodType;
  /** Whether the answer is to be had as CSV, NDJSON and Parquet, too. */
  readonly exports?: boolean;
  /** Whether anybody may ask; the answer then is about no days. */
  readonly open?: boolean;
  /** Whether the answer is about no days, so that nothing is said of their coverage. */
  readonly uncovered?: boolean;
  /** Whether an answer about closed days has an `ETag`. */
  readonly tagged?: boolean;
}

const document = z.looseObject({});

/** Our own API, and the document itself, in its order. */
export const OWN_OPERATIONS: readonly Operation[] = [
  {
    path: '/openapi.json',
    summary: 'What is served, as OpenAPI: this document',
    answer: document,
    open: true,
  },
  {
    path: '/api/v1/events',
    summary: 'Search events: a page of them, or all that match as a file',
    parameters: eventsParameters,
    answer: z.xor([eventsAnswerSchema, z.array(eventSchema)]),
    exports: true,
    tagged: true,
  },
  {
    path: '/api/v1/events/{guid}',
    summary: 'One event',
    parameters: eventsParameters.pick({ foundation: true }),
    answer: eventSchema,
  },
  {
    path: '/api/v1/reports',
    summary: 'The reports there are',
    answer: reportListSchema,
    open: true,
  },
  {
    path: '/api/v1/reports/{name}',
    summary: 'A report',
    parameters: reportParameters,
    answer: reportAnswerSchema,
    exports: true,
    tagged: true,
  },
  {
    path: '/api/v1/coverage',
    summary: 'What the archive has of each day',
    parameters: rangeParameters,
    answer: coverageAnswerSchema,
  },
  {
    path: '/api/v1/event-types',
    summary: 'Types of events, how many, and when',
    parameters: rangeParameters,
    answer: eventTypesAnswerSchema,
    tagged: true,
  },
  {
    path: '/api/v1/queries',
    summary: 'Who asked what: for those who see everything',
    parameters: queriesParameters,
    answer: z.object({
      questions: z.array(loggedQuestionSchema.extend({ id: z.string() })),
      next_cursor: z.string().nullable(),
    }),
    uncovered: true,
  },
];

/** The drop-in of a foundation, by its paths in Cloud Controller. */
export const DROP_IN_OPERATIONS: readonly Operation[] = [
  { path: '/', summary: 'Links, as Cloud Controller has them', answer: document, open: true },
  { path: '/v3', summary: 'Links of the v3 API', answer: document, open: true },
  { path: '/v3/info', summary: 'About this server', answer: document, open: true },
  { path: '/v2/info', summary: 'Where the UAA is, for old clients', answer: document, open: true },
  {
    path: '/v3/audit_events',
    summary: "Cloud Controller's list of audit events",
    parameters: parametersOfList(EVENTS_LIST),
    answer: pageSchema(eventSchema),
    tagged: true,
  },
  { path: '/v3/audit_events/{guid}', summary: 'One audit event', answer: eventSchema },
  {
    path: '/v3/apps',
    summary: 'Apps that events tell of, deleted ones too; newest first',
    parameters: parametersOfList(APPS_LIST),
    answer: pageSchema(thingSchema),
  },
  { path: '/v3/apps/{guid}', summary: 'One app', answer: thingSchema },
  {
    path: '/v3/organizations',
    summary: 'Organizations that events tell of, deleted ones too; newest first',
    parameters: parametersOfList(ORGANIZATIONS_LIST),
    answer: pageSchema(thingSchema),
  },
  { path: '/v3/organizations/{guid}', summary: 'One organization', answer: thingSchema },
  {
    path: '/v3/spaces',
    summary: 'Spaces that events tell of, deleted ones too; newest first',
    parameters: parametersOfList(SPACES_LIST),
    answer: pageSchema(thingSchema),
  },
  { path: '/v3/spaces/{guid}', summary: 'One space', answer: thingSchema },
];
