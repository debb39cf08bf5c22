import { apiError } from '../../cloud-controller-api/api-error.ts';
import { errorAnswer } from '../cloud-controller/error-answer.ts';
import { nginxPage } from '../cloud-controller/nginx.ts';
import { type Answer, textAnswer } from './exchange.ts';
import type { Fault } from './faults.ts';

/** The answer that a fault puts in place of the real one; undefined for faults that spoil the real one. */
export function faultAnswer(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'expired-token':
      return errorAnswer(apiError('InvalidAuthToken'));
    case 'rate-limited':
      return rateLimitedAnswer(fault.retryAfterSeconds ?? 60);
    case 'nginx-rate-limited':
      return nginxPage(429, 'Too Many Requests');
    case 'unknown-error':
      return errorAnswer(apiError('UnknownError'));
    case 'bad-gateway':
      return textAnswer(
        502,
        '502 Bad Gateway: Registered endpoint failed to handle the request.\n',
        {
          'X-Cf-RouterError': 'endpoint_failure',
        },
      );
    case 'uaa-unavailable':
      return errorAnswer(apiError('UaaUnavailable'));
    case 'database-lost':
      return errorAnswer(apiError('ServiceUnavailable', 'Database connection failure'));
    case 'maintenance':
      return {
        status: 503,
        headers: { 'Content-Type': 'text/plain' },
        body: 'API down for maintenance',
      };
    case 'unknown-route':
      return textAnswer(
        404,
        "404 Not Found: Requested route ('api.example.org') does not exist.\n",
        {
          'X-Cf-RouterError': 'unknown_route',
        },
      );
    case 'replaced':
      return {
        status: fault.status ?? 200,
        headers: fault.headers ?? { 'Content-Type': 'application/json; charset=utf-8' },
        body: fault.body,
      };
    case 'cut-body':
    case 'truncated-body':
    case 'slow-body':
    case 'reset':
    case 'no-answer':
      return undefined;
    default:
      return fault satisfies never;
  }
}

function rateLimitedAnswer(retryAfterSeconds: number): Answer {
  const { status, body } = errorAnswer(apiError('RateLimitExceeded'));
  return textAnswer(status, String(body), { 'Retry-After': String(retryAfterSeconds) });
}
