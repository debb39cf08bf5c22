import { ApiError, type ApiErrorName, apiError } from '../cloud-controller-api/api-error.ts';
import { ArchiveError, type ErrorCode } from '../domain/errors.ts';

/** Which of Cloud Controller's errors says it; what is not here is a fault of ours. */
const NAMES: Readonly<Partial<Record<ErrorCode, ApiErrorName>>> = {
  TOKEN_MISSING: 'NotAuthenticated',
  TOKEN_INVALID: 'InvalidAuthToken',
  SCOPE_INSUFFICIENT: 'NotAuthorized',
  IDENTITY_UNAVAILABLE: 'UaaUnavailable',
  ROLES_UNAVAILABLE: 'ServiceUnavailable',
  QUERY_LOG_FAILED: 'ServiceUnavailable',
  QUERY_INVALID: 'BadQueryParameter',
  CURSOR_INVALID: 'BadQueryParameter',
  // Not 503: the cf CLI would ask three times at once.
  QUERY_TOO_LARGE: 'UnprocessableEntity',
  QUERY_BUSY: 'ServiceUnavailable',
  QUOTA_REACHED: 'RateLimitExceeded',
  STORE_UNAVAILABLE: 'ServiceUnavailable',
  CF_UNREACHABLE: 'ServiceUnavailable',
  CF_UNAVAILABLE: 'ServiceUnavailable',
};

/** Not the caller's doing, and soon over. */
const PASSING: ReadonlySet<ApiErrorName | undefined> = new Set([
  'ServiceUnavailable',
  'UaaUnavailable',
]);

/** What our own words say better than Cloud Controller's. The others keep theirs: clients look for them. */
const OWN_WORDS: ReadonlySet<ErrorCode> = new Set(['QUOTA_REACHED']);

/** Ours to repair, and none of the caller's business: the message might name a path or a host. */
const UNTOLD: Readonly<Partial<Record<ErrorCode, string>>> = {
  STORE_UNAVAILABLE: 'the archive cannot be read now; ask again in a minute',
  CF_UNREACHABLE: 'the foundation cannot be reached now; ask again in a minute',
  CF_UNAVAILABLE: 'the foundation cannot be reached now; ask again in a minute',
};

/** An option of a question as a URL has it: `not-type` is `not_type`. */
const asParameter = (option: string): string => option.replaceAll('-', '_');

/** The error that a caller is told; undefined: a fault of this program, of which nothing is told. */
export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (Object(error).name === 'TimeoutError') {
    return apiError(
      'UnprocessableEntity',
      'there is no answer in time: ask for fewer days, or for one space or target',
    );
  }
  if (!(error instanceof ArchiveError)) return undefined;
  const name = NAMES[error.code];
  if (name === undefined) return undefined;
  const text = UNTOLD[error.code] ?? error.linesWith(asParameter).join(', ');
  return OWN_WORDS.has(error.code) ? new ApiError(name, text) : apiError(name, text);
}

/** What the log calls the outcome. */
export function outcomeWord(error: unknown): string {
  if (error instanceof ArchiveError) return error.code;
  if (Object(error).name === 'TimeoutError') return 'QUERY_TIMEOUT';
  if (Object(error).name === 'AbortError') return 'aborted';
  return error instanceof ApiError ? error.errorName : 'UnknownError';
}

/** Seconds after which asking again may help. */
export function retryAfterOf(error: unknown, now: Date): number | undefined {
  if (!(error instanceof ArchiveError)) return undefined;
  if (error.code === 'QUOTA_REACHED') {
    const { until } = Object(error.cause);
    return until instanceof Date ? Math.ceil((until.getTime() - now.getTime()) / 1000) : 1;
  }
  return PASSING.has(NAMES[error.code]) ? 10 : undefined;
}
