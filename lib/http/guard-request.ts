import type { Context } from 'hono';
import type { HttpOptions } from './ports.ts';
import { JSON_TYPE } from './reply.ts';

/** As long as the first line of a request may be for Cloud Controller's nginx (CC §8). */
const MAX_TARGET = 8_192;

/** Nothing here reads a body; a client that sends a large one is mistaken. */
const MAX_BODY = 65_536;

const refused = (status: number, title: string, detail: string): Response =>
  new Response(JSON.stringify({ errors: [{ detail, title: `CF-${title}`, code: 10004 }] }), {
    status,
    headers: { 'Content-Type': JSON_TYPE, Connection: 'close' },
  });

/** Refuse what no question can be: too long, with a body, or to a host that is not ours. */
export function guardRequest(
  { allowedHosts }: HttpOptions,
  c: Context,
): Promise<Response> | undefined {
  const { hostname, pathname, search } = new URL(c.req.url);
  if (pathname.length + search.length > MAX_TARGET) {
    return Promise.resolve(
      refused(
        414,
        'InvalidRequest',
        `The URL is longer than ${MAX_TARGET} characters: ask for fewer values at a time`,
      ),
    );
  }
  const length = Number(c.req.header('content-length') ?? 0);
  const chunked = c.req.header('transfer-encoding') !== undefined;
  if (length > MAX_BODY || chunked) {
    return Promise.resolve(
      refused(413, 'InvalidRequest', 'The request has a body, and nothing here reads one'),
    );
  }
  // A page of another site could reach a server without identity by a name of its own (DNS rebinding).
  if (allowedHosts !== undefined && !allowedHosts.includes(hostname)) {
    return Promise.resolve(
      refused(421, 'InvalidRequest', 'This server does not answer under that host name'),
    );
  }
  return undefined;
}
