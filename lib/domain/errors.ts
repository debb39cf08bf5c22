import { type Wording, type WriteOption, wordingText } from './wording.ts';

/** Every way this program can fail, as a closed list; the code is stable, the message is for people. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'SECRET_UNREADABLE'
  | 'USAGE_INVALID'
  | 'QUERY_INVALID'
  | 'QUERY_TOO_LARGE'
  | 'QUERY_FAILED'
  | 'QUERY_BUSY'
  | 'QUOTA_REACHED'
  | 'QUERY_LOG_FAILED'
  | 'CURSOR_INVALID'
  | 'CF_UNREACHABLE'
  | 'CF_UNAUTHORIZED'
  | 'CF_SCOPE_MISSING'
  | 'CF_UNSUPPORTED'
  | 'CF_UNAVAILABLE'
  | 'CF_RESPONSE_INVALID'
  | 'TOKEN_MISSING'
  | 'TOKEN_INVALID'
  | 'SCOPE_INSUFFICIENT'
  | 'IDENTITY_UNAVAILABLE'
  | 'ROLES_UNAVAILABLE'
  | 'DAY_MOVED'
  | 'DEADLINE_REACHED'
  | 'PAGE_UNREADABLE'
  | 'PART_INVALID'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_CONFLICT'
  | 'DIGEST_INVALID'
  | 'SIGNING_KEY_INVALID'
  | 'SIGNING_FAILED'
  | 'STORE_BODY_INVALID'
  | 'STORE_NOT_FOUND'
  | 'STORE_DENIED'
  | 'STORE_FULL'
  | 'STORE_UNAVAILABLE'
  | 'QUEUE_UNAVAILABLE'
  | 'TASK_INVALID'
  | 'WORK_FAILED';

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'CF_UNREACHABLE',
  'CF_UNAVAILABLE',
  'CF_RESPONSE_INVALID',
  'IDENTITY_UNAVAILABLE',
  'ROLES_UNAVAILABLE',
  'DAY_MOVED',
  'DEADLINE_REACHED',
  'PAGE_UNREADABLE',
  'MANIFEST_CONFLICT',
  'SIGNING_FAILED',
  'STORE_UNAVAILABLE',
  'QUEUE_UNAVAILABLE',
  'QUERY_BUSY',
]);

/**
 * The one error class of this program.
 *
 * Foreign errors are wrapped once, at the adapter that met them, with what was tried; `cause` keeps the original.
 * A message names the key, path or variable and what to do. It never holds a token, a query string or an event's `data`.
 * What is wrong with a question names options; `message` has their bare names, `linesWith` writes them as the reader does.
 */
export class ArchiveError extends Error {
  readonly code: ErrorCode;
  readonly #lines: readonly Wording[];

  /** @param told - the message; as lines where it names options of a question */
  constructor(code: ErrorCode, told: string | readonly Wording[], options?: ErrorOptions) {
    const lines = typeof told === 'string' ? [[told]] : told;
    super(textsOf(lines, (name) => name).join('\n'), options);
    this.name = 'ArchiveError';
    this.code = code;
    this.#lines = lines;
  }

  /** The message with its options as `write` has them: its lines where it was given as lines, else one text as it is. */
  linesWith(write: WriteOption): string[] {
    return textsOf(this.#lines, write);
  }

  /** Whether the same call may succeed later without anyone changing anything. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

const textsOf = (lines: readonly Wording[], write: WriteOption): string[] =>
  lines.map((line) => wordingText(line, write));
