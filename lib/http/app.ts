import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { apiError } from '../cloud-controller-api/api-error.ts';
import { addApi } from './api/routes.ts';
import { failure } from './ask.ts';
import { addAuditEvents } from './drop-in/audit-events.ts';
import { addRoot } from './drop-in/root.ts';
import { addThings } from './drop-in/things.ts';
import { guardRequest } from './guard-request.ts';
import type { HttpOptions, HttpPorts } from './ports.ts';
import { errorResponse, JSON_TYPE } from './reply.ts';
import { createServer, type HttpServer } from './server.ts';
import { FOUNDATION_PREFIX } from './sites.ts';

/** The HTTP application: Cloud Controller's audit events as its clients know them, and our own API. Runs wherever Hono does. */
export function createApp(ports: HttpPorts, options: HttpOptions): Hono {
  const server = createServer(ports, options);
  const app = new Hono({ strict: false });
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      xFrameOptions: 'DENY',
    }),
  );
  if (options.corsOrigins.length > 0) {
    app.use(
      cors({
        origin: [...options.corsOrigins],
        allowMethods: ['GET', 'HEAD'],
        allowHeaders: ['Authorization', 'If-None-Match', 'X-Ticket'],
        exposeHeaders: ['ETag', 'X-Archive-Coverage', 'X-Cf-Warnings', 'Retry-After'],
        maxAge: 600,
      }),
    );
  }
  app.use((c, next) => guardRequest(options, c) ?? next());
  app.route('/', dropIn(server));
  app.route(`${FOUNDATION_PREFIX}/:foundation`, dropIn(server));
  addApi(app, server);
  app.notFound(unknown);
  app.onError((error) => failure(server, error));
  return app;
}

function dropIn(server: HttpServer): Hono {
  const app = new Hono({ strict: false });
  addRoot(app, server);
  addAuditEvents(app, server);
  addThings(app, server);
  return app;
}

/** Outside of /v3 and our own API the old half of Cloud Controller would answer, with a flat error. */
function unknown(c: Context): Response {
  const error = apiError('NotFound');
  if (/^(\/foundations\/[^/]+)?\/(v3|api)\b/.test(new URL(c.req.url).pathname)) {
    return errorResponse(error);
  }
  const flat = { description: error.message, error_code: 'CF-NotFound', code: 10000 };
  return new Response(JSON.stringify(flat), {
    status: 404,
    headers: { 'Content-Type': JSON_TYPE },
  });
}
