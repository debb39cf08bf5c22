import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredObject, Stray } from '../domain/object-store.ts';

/** What lies under a name; links are not followed. */
export type Nature = 'file' | 'folder' | Stray['nature'];

/**
 * The files below `root` whose path starts with `prefix`, in ascending byte order of the whole path.
 *
 * Reads only directories that can hold such files, one at a time. Leaves out what `listStrays` names, and files that vanish
 * meanwhile. Throws plain file-system errors.
 *
 * An archive is thousands of directories with a file or two, and promises for so many small calls take five times as long as the
 * calls themselves: so the calls are synchronous, and others get their turn between two directories.
 */
export async function* listFolder(root: string, prefix: string): AsyncGenerator<StoredObject> {
  const directory = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (directory !== '' && natureAt(root, directory.slice(0, -1)) !== 'folder') return;
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
  return entriesOf(path)
    .filter(({ name }) => name.startsWith(start))
    .map((entry) => ({ name: entry.name, nature: natureOf(entry, entry.name) }))
    .filter(({ nature }) => nature === 'file' || nature === 'folder')
    .map(({ name, nature }) => (nature === 'folder' ? `${name}/` : name))
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}

/**
 * What lies below `root`, under one of `prefixes` or on the way to it, and is in no listing; in no order. What lies below a stray
 * is not looked at.
 *
 * @param own - a folder of the store's own, which is no stray
 */
export async function* listStrays(
  root: string,
  prefixes: readonly string[],
  own: string,
): AsyncGenerator<Stray> {
  const isSought = (key: string) =>
    prefixes.some((prefix) => `${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`));
  yield* walkStrays(
    root,
    '',
    (key, entry) => isSought(key) && !(key === own && entry.isDirectory()),
  );
}

async function* walkStrays(
  root: string,
  directory: string,
  isSought: (key: string, entry: Dirent) => boolean,
): AsyncGenerator<Stray> {
  for (const entry of entriesOf(join(root, directory))) {
    const key = directory + entry.name;
    if (!isSought(key, entry)) continue;
    const nature = natureOf(entry, entry.name);
    if (nature === 'folder') {
      await nextTurn();
      yield* walkStrays(root, `${key}/`, isSought);
    } else if (nature !== 'file') {
      yield { key, nature };
    }
  }
}

/** What a key names below `root`; undefined when nothing, or only by way of a link. */
export function natureAt(root: string, key: string): Nature | undefined {
  const reached = reach(root, key);
  return reached?.key === key ? reached.nature : undefined;
}

/** What a key names below `root`, or the first thing on the way to it that is no folder; undefined when the way ends before. */
export function reach(
  root: string,
  key: string,
): { readonly key: string; readonly nature: Nature } | undefined {
  let reached: { key: string; nature: Nature } | undefined;
  for (const name of key.split('/')) {
    const next: string = reached === undefined ? name : `${reached.key}/${name}`;
    const stats = whenPresent(() => lstatSync(join(root, next)));
    if (stats === undefined) return undefined;
    reached = { key: next, nature: natureOf(stats, name) };
    if (reached.nature !== 'folder') return reached;
  }
  return reached;
}

function natureOf(entry: Dirent | Stats, name: string): Nature {
  if (entry.isSymbolicLink()) return 'link';
  if (name.startsWith('.')) return 'hidden';
  // What Node makes of bytes that are no UTF-8; the file cannot be opened by such a name.
  if (name.includes('\ufffd')) return 'undecodable';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'special';
}

const entriesOf = (path: string): Dirent[] =>
  whenPresent(() => readdirSync(path, { withFileTypes: true })) ?? [];

function whenPresent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
