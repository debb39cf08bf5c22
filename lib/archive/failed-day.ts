import { ArchiveError, type ErrorCode } from '../domain/errors.ts';

/** Failures that the next day would meet too: the run of this foundation ends. */
const ENDS_THE_RUN: ReadonlySet<ErrorCode> = new Set([
  'CF_UNAUTHORIZED',
  'CF_SCOPE_MISSING',
  'STORE_DENIED',
  'STORE_FULL',
  'STORE_NOT_FOUND',
]);

/** A failure that the next day need not meet; throws every other. */
export function failureOfDay(error: unknown): ArchiveError {
  if (!(error instanceof ArchiveError) || ENDS_THE_RUN.has(error.code)) throw error;
  return error;
}
