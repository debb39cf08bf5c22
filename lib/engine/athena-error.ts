import type { QueryExecution } from '@aws-sdk/client-athena';
import { ArchiveError } from '../domain/errors.ts';

/** Athena's ids open results to whoever has them: no message carries one. */
const withoutIds = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '…').slice(0, 500);

/** Whether the workgroup ended it, because it read more than that allows. */
export const isCutOff = ({ Status }: QueryExecution): boolean =>
  /bytes scanned limit/i.test(Status?.StateChangeReason ?? '');

/** What a failed or cancelled query means for whoever asked. */
export function failedQuery(execution: QueryExecution): ArchiveError {
  const { Status } = execution;
  const reason = withoutIds(Status?.StateChangeReason ?? 'no reason was given');
  if (isCutOff(execution)) {
    return new ArchiveError(
      'QUERY_TOO_LARGE',
      'the workgroup of Athena ended this question, because it read more than BytesScannedCutoffPerQuery allows: ask for fewer days, or raise that limit',
    );
  }
  if (/resources at this scale factor/i.test(reason)) {
    return new ArchiveError(
      'QUERY_TOO_LARGE',
      'Athena had not enough memory for this question: ask for fewer days',
    );
  }
  if (Status?.AthenaError?.Retryable || /throttl/i.test(reason)) {
    // The reason may name buckets and keys, which are not the caller's business.
    return new ArchiveError('QUERY_BUSY', 'Athena could not answer now; ask again in a minute', {
      cause: new Error(reason),
    });
  }
  if (Status?.State === 'CANCELLED') {
    return new ArchiveError('QUERY_FAILED', `the query was cancelled in Athena: ${reason}`);
  }
  return new ArchiveError('QUERY_FAILED', `Athena could not answer: ${reason}`);
}

/** What an error of a call means; one of ours stays as it is. */
export function athenaError(cause: unknown, action: string): unknown {
  if (cause instanceof ArchiveError) return cause;
  const { name, message } = Object(cause) as { name?: string; message?: string };
  const said = withoutIds(String(message ?? cause));
  const error = (code: 'QUERY_BUSY' | 'QUERY_FAILED', text: string): ArchiveError =>
    new ArchiveError(code, text, { cause });
  switch (name) {
    case 'TooManyRequestsException':
      return error('QUERY_BUSY', 'too many queries are waiting in Athena; ask again in a minute');
    case 'ThrottlingException':
      return error('QUERY_BUSY', 'Athena is asked too often; ask again in a few seconds');
    case 'InternalServerException':
    case 'TimeoutError':
      return error('QUERY_BUSY', `Athena does not answer (${name}); ask again`);
    case 'AccessDeniedException':
      return error(
        'QUERY_FAILED',
        `Athena refuses ${action}: ${said}; give this role athena:${action}`,
      );
    case 'InvalidRequestException':
      return error(
        'QUERY_FAILED',
        `Athena refuses ${action}: ${said}; look at engine.athena in the configuration (workgroup, database, table)`,
      );
    case 'CredentialsProviderError':
      return error('QUERY_FAILED', 'no AWS credentials for Athena; set them as for every AWS tool');
    default:
      return error('QUERY_FAILED', `${action} failed at Athena: ${said}`);
  }
}
