import { ArchiveError } from '../domain/errors.ts';
import { ARCHIVE_SETTING } from '../store/archive-setting.ts';

/** An error of a store whose place `--archive` named: what is to be corrected is the flag. Any other error as it is. */
export function blamingArchiveFlag(error: unknown): unknown {
  if (!(error instanceof ArchiveError) || !error.message.includes(ARCHIVE_SETTING)) return error;
  const message = error.message.replaceAll(ARCHIVE_SETTING, '--archive');
  return new ArchiveError(error.code, message, { cause: error });
}
