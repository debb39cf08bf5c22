import type { Context } from 'hono';

/** The address that the connection came from: of Node.js's socket, or as API Gateway tells it. Never from a header that anybody can write. */
export function addressOf(c: Context): string | undefined {
  const { incoming, event } = Object(c.env);
  const address =
    incoming?.socket?.remoteAddress ??
    event?.requestContext?.http?.sourceIp ??
    event?.requestContext?.identity?.sourceIp;
  return typeof address === 'string' ? address : undefined;
}
