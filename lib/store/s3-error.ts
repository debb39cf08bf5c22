import { ArchiveError, type ErrorCode } from '../domain/errors.ts';
import { ARCHIVE_SETTING } from './archive-setting.ts';

/** What the SDK's errors have in common; HTTP status and attempts are absent when no answer came. */
interface S3Failure extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const asFailure = (error: unknown): S3Failure => error as S3Failure;

export const statusOf = (error: unknown): number | undefined =>
  asFailure(error).$metadata?.httpStatusCode;

/** How often the SDK itself sent the request before it gave this answer. */
export const attemptsOf = (error: unknown): number => asFailure(error).$metadata?.attempts ?? 1;

const TRANSIENT_STATUS: ReadonlySet<number> = new Set([409, 429, 500, 502, 503, 504]);
/** With status 400: the server waited in vain for more of the body. */
const TRANSIENT_NAMES: ReadonlySet<string> = new Set(['RequestTimeout', 'IncompleteBody']);
const NO_REGION = 'Region is missing';

/**
 * Whether the same request may succeed a moment later. An error without an HTTP status is one of the network, of which
 * there are more than can be listed, unless the SDK never sent the request.
 */
export function isTransient(error: unknown): boolean {
  const { name, message } = asFailure(error);
  const status = statusOf(error);
  if (status !== undefined) return TRANSIENT_STATUS.has(status) || TRANSIENT_NAMES.has(name);
  return !(error instanceof ArchiveError) && !lacksCredentials(name) && message !== NO_REGION;
}

const lacksCredentials = (name: string): boolean =>
  name === 'CredentialsProviderError' || name === 'TokenProviderError';

const CHECKSUM_NAMES: ReadonlySet<string> = new Set([
  'BadDigest',
  'InvalidDigest',
  'XAmzContentChecksumMismatch',
  'XAmzContentSHA256Mismatch',
]);
const EXPIRED_NAMES: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'InvalidToken',
  'TokenRefreshRequired',
]);
const CORRECT = `correct ${ARCHIVE_SETTING}`;

/**
 * Say what a failed request means for the archive and what to do.
 *
 * @param url - the archive, `s3://BUCKET`
 * @param tried - the deed and its object, such as `store events/v1/…`
 */
export function s3Error(error: unknown, url: string, tried: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const [code, advice] = diagnose(error, url);
  return new ArchiveError(code, `cannot ${tried} in the archive ${url}: ${advice}`, {
    cause: error,
  });
}

function diagnose(error: unknown, url: string): [ErrorCode, string] {
  const { name, message } = asFailure(error);
  const status = statusOf(error);
  const said = [status, name, message === name ? '' : message].filter(Boolean).join(' ');

  if (name === 'NoSuchBucket' || status === 404)
    return [
      'STORE_NOT_FOUND',
      `bucket ${url.slice('s3://'.length)} does not exist; create it (versioned, Object Lock capable) or ${CORRECT}`,
    ];
  if (status === 301 || name === 'AuthorizationHeaderMalformed')
    return ['STORE_NOT_FOUND', `the bucket is in another region (${said}); set AWS_REGION to it`];
  if (lacksCredentials(name))
    return [
      'STORE_DENIED',
      'no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run under a role',
    ];
  if (message === NO_REGION) return ['STORE_DENIED', 'no AWS region; set AWS_REGION'];
  if (EXPIRED_NAMES.has(name))
    return ['STORE_DENIED', `the AWS session has expired (${name}); log in again`];
  if (status === 401 || status === 403)
    return [
      'STORE_DENIED',
      `access denied (${said}); give these credentials s3:ListBucket, s3:GetObject and s3:PutObject on the bucket, or ${CORRECT}`,
    ];
  if (CHECKSUM_NAMES.has(name))
    return [
      'STORE_BODY_INVALID',
      `the bytes differ from their SHA-256 (${said}); nothing was stored`,
    ];
  // What S3 itself never runs out of, servers that speak like it do.
  if (status === 507) return ['STORE_FULL', `no space left (${said}); nothing was stored`];
  if (status !== undefined && status < 500 && !isTransient(error))
    return ['STORE_DENIED', `refused (${said}); correct the bucket's settings, or ${CORRECT}`];
  return [
    'STORE_UNAVAILABLE',
    `no usable answer (${said}); try again, or check AWS_ENDPOINT_URL and the network`,
  ];
}
