import type { Hono } from 'hono';
import { openApiDocument } from '../openapi/document.ts';
import type { HttpServer } from '../server.ts';
import { addEvents } from './events.ts';
import { addKnowledge } from './knowledge.ts';
import { addQueries } from './queries.ts';
import { addReports } from './reports.ts';

/** Our own API, and the description of everything that is served. */
export function addApi(app: Hono, server: HttpServer): void {
  addEvents(app, server);
  addReports(app, server);
  addKnowledge(app, server);
  addQueries(app, server);
  app.get('/openapi.json', (c) =>
    c.json(openApiDocument(server.options.url ?? new URL(c.req.url).origin, server.ports.sites)),
  );
}
