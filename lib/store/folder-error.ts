import { ArchiveError } from '../domain/errors.ts';
import { ARCHIVE_SETTING } from './archive-setting.ts';

const CORRECT = `correct ${ARCHIVE_SETTING}`;

/**
 * Say what a failed file operation means for the archive and what to do.
 *
 * @param url - the archive, as in the configuration
 * @param tried - the deed and its object, such as `store events/v1/…`
 */
export function folderError(error: unknown, url: string, tried: string): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const wrap = (kind: ConstructorParameters<typeof ArchiveError>[0], advice: string) =>
    new ArchiveError(kind, `cannot ${tried} in the archive ${url}: ${advice}`, { cause: error });

  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return wrap(
        'STORE_DENIED',
        `permission denied (${code}); give this user read and write access to the folder, or ${CORRECT}`,
      );
    case 'EROFS':
      return wrap('STORE_DENIED', `the file system is read-only; mount it writable, or ${CORRECT}`);
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return wrap(
        'STORE_DENIED',
        `a part of the path is a file where a folder is needed (${code}); ${CORRECT}`,
      );
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return wrap('STORE_DENIED', `the file system does not take this path (${code}); ${CORRECT}`);
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
    case 'ENOSYS':
    case 'EMLINK':
    case 'EXDEV':
      return wrap(
        'STORE_DENIED',
        `this file system cannot link files within the folder (${code}), which create-only needs; choose a folder on one local file system and ${CORRECT}`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return wrap(
        'STORE_FULL',
        `no space left (${code}); nothing was stored; free space and run again`,
      );
    case 'ENOENT':
      return wrap('STORE_NOT_FOUND', `the folder does not exist; create it or ${CORRECT}`);
    default:
      return wrap('STORE_UNAVAILABLE', message);
  }
}
