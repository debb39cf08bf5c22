import { apiError } from '../cloud-controller-api/api-error.ts';
import { coverageHeaders } from './coverage-headers.ts';
import { JSON_TYPE, type Reply } from './reply.ts';

const NAME = 'ResourceNotFound';

/**
 * The 404 of what is not there, or not to be seen, with what had to be read to know: "there is none" and "we have no data" never look alike.
 *
 * Coverage is of days alone, so it is the same for both.
 */
export function absentReply(detail: string, facts: ReturnType<Reply['facts']>): Reply {
  const { status, document } = apiError(NAME, detail);
  return {
    status,
    headers: {
      'Content-Type': JSON_TYPE,
      'Cache-Control': 'no-store',
      ...(facts.coverage && coverageHeaders(facts.coverage)),
    },
    body: JSON.stringify(document),
    outcome: NAME,
    facts: () => facts,
  };
}
