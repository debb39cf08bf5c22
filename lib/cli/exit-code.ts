import { ArchiveError, type ErrorCode } from '../domain/errors.ts';

/** All is well. */
export const EXIT_OK = 0;
/** It ran, and the answer is bad: a day failed, a finding, a loss. */
export const EXIT_BAD = 1;
/** Usage or configuration: nothing will change until someone changes something. */
export const EXIT_USAGE = 2;

const USAGE_CODES: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'SECRET_UNREADABLE',
  'SIGNING_KEY_INVALID',
  'USAGE_INVALID',
  'QUERY_INVALID',
  'QUERY_TOO_LARGE',
  'CURSOR_INVALID',
  'CF_UNAUTHORIZED',
  'CF_SCOPE_MISSING',
  'CF_UNSUPPORTED',
  'STORE_NOT_FOUND',
  'STORE_DENIED',
]);

export const exitCodeOf = (error: ArchiveError): number =>
  USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_BAD;

/**
 * What an ending command says, in one line where possible and never with a stack trace: an error of ours has its message; any other is a fault of this program, and says so.
 */
export function describeFailure(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ArchiveError) {
    const message = error.linesWith((option) => `--${option}`).join('\n');
    return { message, exitCode: exitCodeOf(error) };
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    message: `unexpected fault in this program, please report it: ${reason.split('\n')[0]}`,
    exitCode: EXIT_BAD,
  };
}
