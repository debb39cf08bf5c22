import { randomUUID } from 'node:crypto';
import type { FoundationRequest } from '../http/exchange.ts';

/** `X-VCAP-Request-ID` of the answer: the caller's id with a UUID after it, or a UUID (CC §10). */
export function requestId({ headers }: FoundationRequest): string {
  const given = headers['x-vcap-request-id'] || headers['x-request-id'];
  if (!given) return randomUUID();
  return `${given.replace(/[^\w-]/g, '').slice(0, 255)}::${randomUUID()}`;
}
