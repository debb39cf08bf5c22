import type { Context, Hono } from 'hono';
import { apiError } from '../../cloud-controller-api/api-error.ts';
import { eventJson } from '../../domain/event-json.ts';
import { answerJson, pageJson } from '../../query/answer-json.ts';
import { findEvent } from '../../query/find-event.ts';
import { pageEvents } from '../../query/page-events.ts';
import { searchEvents, streamEvents } from '../../query/search-events.ts';
import { eventsExport } from '../../report/events-source.ts';
import type { ExportFormat } from '../../report/export-source.ts';
import { absentReply } from '../absent.ts';
import type { Question } from '../ask.ts';
import { guidOf } from '../drop-in/raw-request.ts';
import { cacheHeaders, unlessHeld } from '../etag.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { askApi, PAGE } from './ask-api.ts';
import { exportReply } from './export-reply.ts';
import { formatOf } from './format.ts';
import { guardedQuery } from './guarded-query.ts';
import { type EventsParameters, eventsParameters } from './parameters.ts';
import { wordsOf } from './words.ts';

/** `GET /api/v1/events` and `/api/v1/events/:guid`: the whole query model. */
export function addEvents(app: Hono, server: HttpServer): void {
  app.get('/api/v1/events', (c) =>
    askApi(
      server,
      c,
      eventsParameters,
      (given) => (fileFormatOf(c, given) === undefined ? 'page' : 'export'),
      (question, given) => {
        const format = fileFormatOf(c, given);
        return format === undefined ? page(question, c, given) : file(question, c, given, format);
      },
    ),
  );
  app.get('/api/v1/events/:guid', (c) =>
    askApi(server, c, eventsParameters.pick({ foundation: true }), PAGE, (question) =>
      show(question, guidOf(c)),
    ),
  );
}

/** The format of the file that is asked for, by whatever names it; undefined: a page is. */
function fileFormatOf(c: Context, given: EventsParameters): ExportFormat | undefined {
  const format = formatOf(c, given.format);
  return format !== 'json' || given.file === true ? format : undefined;
}

/** The others hold whole events, whatever columns are asked for. */
const OF_COLUMNS: ReadonlySet<ExportFormat> = new Set(['csv', 'parquet']);

async function page(question: Question, c: Context, given: EventsParameters): Promise<Reply> {
  const { context, server } = question;
  const { cursor, offset, limit } = given;
  if (cursor !== undefined && offset !== undefined) {
    throw apiError('BadQueryParameter', 'cursor and offset exclude each other');
  }
  const query = await guardedQuery(question, wordsOf(given), { limit });
  return unlessHeld(context, c, query, [c.req.url, 'page'], async (surveyed, etag) => {
    if (offset === undefined) {
      const answer = await searchEvents(context, query, cursor);
      const { events, coverage } = answer;
      const facts = { rows: events.length, coverage };
      return jsonReply(answerJson(answer), facts, cacheHeaders(etag));
    }
    const found = await pageEvents(context, server.counts, query, offset, surveyed);
    const { events, total, coverage } = found;
    const end = offset + events.length;
    return jsonReply(
      pageJson(found, { total, offset, next_offset: end < total ? end : null }),
      { rows: events.length, coverage },
      cacheHeaders(etag),
    );
  });
}

async function file(
  question: Question,
  c: Context,
  given: EventsParameters,
  format: ExportFormat,
): Promise<Reply> {
  const { context } = question;
  const { limit, cursor, offset } = given;
  if ((limit ?? cursor ?? offset) !== undefined) {
    throw apiError(
      'BadQueryParameter',
      'limit, cursor and offset are for pages: a file holds everything',
    );
  }
  const columns = OF_COLUMNS.has(format) ? given.columns : undefined;
  const query = await guardedQuery(question, wordsOf(given), { columns });
  return unlessHeld(context, c, query, [c.req.url, format], async (surveyed, etag) => {
    const { batches, coverage } = await streamEvents(context, query, surveyed);
    const source = eventsExport(batches, query.columns);
    return exportReply(question, { source, coverage, name: 'events', format, etag });
  });
}

async function show({ context, foundations }: Question, guid: string): Promise<Reply> {
  const { event, coverage } = await findEvent(context, foundations, guid);
  const facts = { rows: event ? 1 : 0, coverage };
  return event === undefined
    ? absentReply('Event not found', facts)
    : jsonReply(eventJson(event, { names: true }), facts, cacheHeaders(undefined));
}
