import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { folderError } from '../../lib/store/folder-error.ts';

const failing = (code: string): Error => Object.assign(new Error(`${code}: said so`), { code });

describe('folderError', () => {
  it.each([
    ['EACCES', 'STORE_DENIED', 'permission denied (EACCES); give this user read and write access'],
    ['EPERM', 'STORE_DENIED', 'permission denied (EPERM); give this user read and write access'],
    ['EROFS', 'STORE_DENIED', 'the file system is read-only; mount it writable'],
    ['ENOTDIR', 'STORE_DENIED', 'a part of the path is a file where a folder is needed (ENOTDIR)'],
    ['ENAMETOOLONG', 'STORE_DENIED', 'the file system does not take this path (ENAMETOOLONG)'],
    ['ENOTSUP', 'STORE_DENIED', 'this file system cannot link files within the folder (ENOTSUP)'],
    ['EXDEV', 'STORE_DENIED', 'this file system cannot link files within the folder (EXDEV)'],
    [
      'ENOSPC',
      'STORE_FULL',
      'no space left (ENOSPC); nothing was stored; free space and run again',
    ],
    [
      'EDQUOT',
      'STORE_FULL',
      'no space left (EDQUOT); nothing was stored; free space and run again',
    ],
    ['ENOENT', 'STORE_NOT_FOUND', 'the folder does not exist; create it'],
    ['EIO', 'STORE_UNAVAILABLE', 'EIO: said so'],
  ])('turns %s into %s', (errno, code, advice) => {
    const cause = failing(errno);

    const error = folderError(cause, 'file:/srv/archive', 'store a/b');

    expect(error).toMatchObject({ name: 'ArchiveError', code, cause });
    expect(error.message).toContain(`cannot store a/b in the archive file:/srv/archive: ${advice}`);
    if (code === 'STORE_DENIED')
      expect(error.message).toMatch(/correct `archive` in the configuration$/);
  });

  it('passes on what is explained already', () => {
    const error = new ArchiveError('STORE_BODY_INVALID', 'changed');

    expect(folderError(error, 'file:/srv/archive', 'store a/b')).toBe(error);
  });
});
