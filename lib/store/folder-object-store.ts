import { randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';
import type { FileBody, ObjectStore, StoredObject, Stray } from '../domain/object-store.ts';
import { readFileBody } from './file-body.ts';
import { folderError } from './folder-error.ts';
import { listFolder, listStrays, natureAt, reach } from './folder-listing.ts';
import { makeFolders } from './make-folders.ts';
import { assertKeyPrefix, assertObjectKey } from './object-key.ts';

/** Where bytes gather before they have their name; hidden, so never listed, and on the same file system by construction. */
const INCOMING = '.incoming';
const STALE_MS = 24 * 60 * 60 * 1000;

/** Audit events are nobody else's business: the archive is readable by its owner only. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * An archive in a folder of one local file system.
 *
 * An object gets its name by `link()`, which is atomic and fails when the name is taken: that alone decides who created
 * it, also between processes. A process killed at any moment leaves a file in `.incoming/` at most; `check` sweeps those
 * that are a day old. Needs a file system with hard links. The folder itself may be a symbolic link; no other is followed.
 */
export class FolderObjectStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;

  /** @param path - the folder; relative to the working directory when not absolute */
  constructor(path: string) {
    this.#root = resolve(path);
    this.url = `file:${this.#root}`;
  }

  async check(): Promise<void> {
    await this.#attempt('write', async () => {
      await this.#makeFolder(this.#root);
      const probe = await this.#writeIncoming(Buffer.from('probe\n'));
      try {
        await link(probe, `${probe}.linked`);
      } finally {
        await discard(`${probe}.linked`);
        await discard(probe);
      }
      await this.#sweepIncoming();
    });
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    assertKeyPrefix(prefix);
    try {
      await this.#requireRoot();
      yield* listFolder(this.#root, prefix);
    } catch (error) {
      throw folderError(error, this.url, `list ${prefix || 'objects'}`);
    }
  }

  async *strays(prefixes: readonly string[]): AsyncGenerator<Stray> {
    prefixes.forEach(assertKeyPrefix);
    try {
      await this.#requireRoot();
      yield* listStrays(this.#root, prefixes, INCOMING);
    } catch (error) {
      throw folderError(error, this.url, 'list what is no object');
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    assertObjectKey(key);
    return this.#attempt(`read ${key}`, async () => {
      const path = await this.#fileOf(key);
      return path === undefined ? undefined : this.#whenPresent(readFile(path));
    });
  }

  async localCopy(key: string): Promise<string | undefined> {
    assertObjectKey(key);
    return this.#attempt(`read ${key}`, () => this.#fileOf(key));
  }

  async create(key: string, body: Uint8Array | FileBody): Promise<'created' | 'exists'> {
    assertObjectKey(key);
    return this.#attempt(`store ${key}`, async () => {
      const path = join(this.#root, key);
      // Spares writing what is there already; the decision is link()'s below.
      if (this.#isTaken(key)) return 'exists';

      const incoming = await this.#writeIncoming(body);
      try {
        await this.#makeFolder(dirname(path));
        if (!(await linkOnce(incoming, path))) return 'exists';
        // Up to the root every time: a folder that was there may be another process's, made a moment ago and not on disk
        // yet. Clean folders cost next to nothing.
        await syncFolders(dirname(path), this.#root);
        return 'created';
      } finally {
        await discard(incoming);
      }
    });
  }

  async #attempt<T>(tried: string, deed: () => Promise<T>): Promise<T> {
    try {
      return await deed();
    } catch (error) {
      throw folderError(error, this.url, tried);
    }
  }

  #isTaken(key: string): boolean {
    const reached = reach(this.#root, key);
    if (reached === undefined) return false;
    switch (reached.nature) {
      case 'file':
        if (reached.key === key) return true;
        throw Object.assign(new Error('is a file'), { code: 'ENOTDIR' });
      case 'folder':
        // S3 could hold `a` beside `a/b`; a folder cannot, and must not call `a` an existing object.
        throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
      default:
        // Nor may it call a link one, or store behind a link what no listing would ever give.
        throw new ArchiveError(
          'STORE_DENIED',
          `cannot store ${key} in the archive ${this.url}: ${reached.key} is ${reached.nature === 'link' ? 'a symbolic link' : 'neither a file nor a folder'}; remove it, or put there the file or folder itself`,
        );
    }
  }

  /** Path of the file that is an object; undefined when there is none. */
  async #fileOf(key: string): Promise<string | undefined> {
    if (natureAt(this.#root, key) === 'file') return join(this.#root, key);
    await this.#requireRoot();
    return undefined;
  }

  /** An absent object is undefined, an absent archive is an error: the two must never look alike. */
  async #whenPresent<T>(deed: Promise<T>): Promise<T | undefined> {
    try {
      return await deed;
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
      await this.#requireRoot();
      return undefined;
    }
  }

  async #requireRoot(): Promise<void> {
    if (!(await stat(this.#root)).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  }

  /** Complete, on disk, and without a name that anyone lists; the path is the caller's to unlink. */
  async #writeIncoming(body: Uint8Array | FileBody): Promise<string> {
    await this.#makeFolder(join(this.#root, INCOMING));
    const path = join(this.#root, INCOMING, randomUUID());
    const file = await open(path, 'wx', FILE_MODE);
    try {
      await file.writeFile(body instanceof Uint8Array ? body : readFileBody(body));
      await file.sync();
    } catch (error) {
      await discard(path);
      throw error;
    } finally {
      await file.close();
    }
    return path;
  }

  async #makeFolder(path: string): Promise<void> {
    const first = await makeFolders(path, FOLDER_MODE);
    // A new root: the names that lead to it must survive a power cut as well.
    if (first !== undefined && this.#root.startsWith(first))
      await syncFolders(dirname(this.#root), dirname(first));
  }

  async #sweepIncoming(): Promise<void> {
    const folder = join(this.#root, INCOMING);
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const stats = await lstat(path).catch(() => undefined);
      if (stats !== undefined && Date.now() - stats.mtimeMs > STALE_MS) await discard(path);
    }
  }
}

/**
 * Give the file its final name; false when the name is taken.
 *
 * Over NFS the answer to a link that worked can be lost, and the repeated request then finds its own name taken: that the
 * name leads to our file is the proof. (The number of links is none: a backup may make links of its own.)
 */
async function linkOnce(incoming: string, path: string): Promise<boolean> {
  try {
    await link(incoming, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') throw withoutLinks(error);
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const ours = await lstat(incoming, { bigint: true });
    const named = await lstat(path, { bigint: true });
    return named.ino === ours.ino && named.dev === ours.dev;
  }
}

/** Linux answers EPERM, not ENOTSUP, where a file system has no hard links. */
const withoutLinks = (error: unknown): Error =>
  Object.assign(new Error('no hard links', { cause: error }), { code: 'ENOTSUP' });

/** Make the names in `folder` and in every folder above it durable, up to and including `last`. */
async function syncFolders(folder: string, last: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (folder !== last) await syncFolders(dirname(folder), last);
}

/** Remove a file that nobody lists. Failing changes nothing: it may be swept already, else `check` will. */
async function discard(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}
