import { ArchiveError } from '../domain/errors.ts';

/** What the system calls a full disk, a used-up quota and a file at its size limit; DuckDB's errors have no code, only these words. */
const DISK_FULL =
  /No space left on device|Disk quota exceeded|File too large|failed to offload data block|max_temp_directory_size|ENOSPC|EDQUOT|EFBIG/;

const textOf = (error: unknown): string => {
  const { code, message } = Object(error);
  const text = String(message ?? error);
  return code === undefined ? text : `${code}: ${text}`;
};

/** STORE_FULL when the error is that of a full work folder; undefined for any other. */
export function fullWorkFolder(error: unknown, doing: string): ArchiveError | undefined {
  if (!DISK_FULL.test(textOf(error))) return undefined;
  return new ArchiveError(
    'STORE_FULL',
    `no space left in the work folder while ${doing}; free some, or point TMPDIR to a larger disk`,
    { cause: error },
  );
}

/** Whether DuckDB's limit was too low for what it was asked. */
export const isOutOfMemory = (error: unknown): boolean =>
  textOf(error).startsWith('Out of Memory Error');

/** The error when this machine, not the file at hand, is to blame; undefined for any other. */
export function shortage(error: unknown, doing: string): ArchiveError | undefined {
  const full = fullWorkFolder(error, doing);
  if (full || !isOutOfMemory(error)) return full;
  return new ArchiveError('WORK_FAILED', `not enough memory while ${doing}`, { cause: error });
}

/**
 * The error of a stage or part, whatever failed below: this program's own as it is, any other wrapped once.
 *
 * @param doing - what was tried, to follow "while": `staging page 1 of […)`
 */
export function workError(error: unknown, doing: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const [line] = textOf(error).split('\n');
  return (
    shortage(error, doing) ??
    new ArchiveError('WORK_FAILED', `${doing} failed: ${line}`, { cause: error })
  );
}
