import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject } from '../domain/object-store.ts';

/** How many files are looked at together; one at a time doubles the time of a long listing. */
const STAT_BATCH = 64;

/**
 * The files below `root` whose path starts with `prefix`, in ascending byte order of the whole path.
 *
 * Reads only directories that can hold such files, one at a time. Names that start with `.` and whatever is neither file
 * nor directory (symbolic links too) are left out, as are files that vanish meanwhile. Throws plain file-system errors.
 */
export async function* listFolder(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const directory = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  yield* walk(root, directory, prefix.slice(directory.length));
}

/** @param directory - empty, or a path below root that ends in `/` */
async function* walk(root: string, directory: string, start: string): AsyncGenerator<StoredObject> {
  const names = await namesInByteOrder(join(root, directory), start);
  for (let first = 0; first < names.length; first += STAT_BATCH) {
    const batch = names.slice(first, first + STAT_BATCH);
    const files = await Promise.all(batch.map((name) => statFile(root, directory + name)));
    for (const [index, name] of batch.entries()) {
      const file = files[index];
      if (file !== undefined) yield file;
      else if (name.endsWith('/')) yield* walk(root, directory + name, '');
    }
  }
}

/**
 * Directories carry their `/` while sorting, because it takes part in the order of whole keys: `a-b` < `a/x` < `a0`,
 * although `a` < `a-b`. Bytes are compared, not UTF-16 units, as S3 does.
 */
async function namesInByteOrder(path: string, start: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(nothingWhenAbsent);
  return (entries ?? [])
    .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => name.startsWith(start))
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}

async function statFile(root: string, key: string): Promise<StoredObject | undefined> {
  if (key.endsWith('/')) return undefined;
  const stats = await lstat(join(root, key)).catch(nothingWhenAbsent);
  return stats?.isFile() ? { key, bytes: stats.size, modifiedAt: stats.mtime } : undefined;
}

function nothingWhenAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
