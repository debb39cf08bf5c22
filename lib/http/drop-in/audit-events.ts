import type { Context, Hono } from 'hono';
import { EVENTS_LIST } from '../../cloud-controller-api/events-list-message.ts';
import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import { summarizeCoverage } from '../../domain/coverage.ts';
import { eventJson } from '../../domain/event-json.ts';
import { findEvent } from '../../query/find-event.ts';
import { horizonOf } from '../../query/horizon.ts';
import { type EventPage, pageEvents } from '../../query/page-events.ts';
import { absentReply } from '../absent.ts';
import { ask, type Question } from '../ask.ts';
import { cacheHeaders, unlessHeld } from '../etag.ts';
import { guardRange } from '../guard-range.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { type Mount, mountOf } from '../sites.ts';
import { eventsQuestion } from './events-question.ts';
import { ownPagination } from './own-links.ts';
import { guidOf, listMessageOf, parametersOf } from './raw-request.ts';

/** `GET /v3/audit_events` and `GET /v3/audit_events/:guid` (CC §1). */
export function addAuditEvents(app: Hono, server: HttpServer): void {
  app.get('/v3/audit_events', (c) => {
    const mount = mountOf(server, c);
    const parameters = parametersOf(c);
    return ask(server, c, [mount.site], 'page', (question) =>
      list(question, c, mount, listMessageOf(parameters, EVENTS_LIST)),
    );
  });
  app.get('/v3/audit_events/:guid', (c) => {
    const mount = mountOf(server, c);
    const guid = guidOf(c);
    return ask(server, c, [mount.site], 'page', (question) => show(question, mount, guid));
  });
}

async function list(
  { context, server }: Question,
  c: Context,
  { site, api }: Mount,
  message: ListMessage,
): Promise<Reply> {
  const horizon = await horizonOf(context, [site.name]);
  const query = eventsQuestion(message, site.name, horizon);
  if (query === undefined) {
    return pageReply(api, message, { total: 0, events: [], coverage: summarizeCoverage([]) });
  }
  guardRange(server.options, query, horizon.from);
  return unlessHeld(context, c, query, [api, c.req.url], async (surveyed, etag) => {
    const offset = (message.page - 1) * message.perPage;
    const page = await pageEvents(context, server.counts, query, offset, surveyed);
    return pageReply(api, message, page, cacheHeaders(etag));
  });
}

function pageReply(
  api: string,
  message: ListMessage,
  { total, events, coverage }: Pick<EventPage, 'total' | 'events' | 'coverage'>,
  headers: Readonly<Record<string, string>> = cacheHeaders(undefined),
): Reply {
  const pagination = ownPagination(`${api}/v3/audit_events`, message, total);
  const resources = events.map((row) => eventJson(row, { api })).join(',');
  return jsonReply(
    `{"pagination":${JSON.stringify(pagination)},"resources":[${resources}]}`,
    { rows: events.length, coverage },
    headers,
  );
}

async function show({ context }: Question, { site, api }: Mount, guid: string): Promise<Reply> {
  const { event, coverage } = await findEvent(context, [site.name], guid);
  const facts = { rows: event ? 1 : 0, coverage };
  return event === undefined
    ? absentReply('Event not found', facts)
    : jsonReply(eventJson(event, { api }), facts, cacheHeaders(undefined));
}
