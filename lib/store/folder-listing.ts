import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredObject } from '../domain/object-store.ts';

/**
 * The files below `root` whose path starts with `prefix`, in ascending byte order of the whole path.
 *
 * Reads only directories that can hold such files, one at a time. Names that start with `.` and whatever is neither file
 * nor directory (symbolic links too) are left out, as are files that vanish meanwhile. Throws plain file-system errors.
 *
 * An archive is thousands of directories with a file or two, and promises for so many small calls take five times as long as the
 * calls themselves: so the calls are synchronous, and others get their turn between two directories.
 */
export async function* listFolder(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const directory = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  yield* walk(root, directory, prefix.slice(directory.length));
}

/** @param directory - empty, or a path below root that ends in `/` */
async function* walk(root: string, directory: string, start: string): AsyncGenerator<StoredObject> {
  for (const name of namesInByteOrder(join(root, directory), start)) {
    const key = directory + name;
    if (name.endsWith('/')) {
      await nextTurn();
      yield* walk(root, key, '');
      continue;
    }
    const stats = whenPresent(() => lstatSync(join(root, key)));
    if (stats?.isFile()) yield { key, bytes: stats.size, modifiedAt: stats.mtime };
  }
}

/**
 * Directories carry their `/` while sorting, because it takes part in the order of whole keys: `a-b` < `a/x` < `a0`,
 * although `a` < `a-b`. Bytes are compared, not UTF-16 units, as S3 does.
 */
function namesInByteOrder(path: string, start: string): string[] {
  const entries: Dirent[] = whenPresent(() => readdirSync(path, { withFileTypes: true })) ?? [];
  return entries
    .filter(({ name }) => name.startsWith(start) && !name.startsWith('.'))
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}

function whenPresent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
