import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { describeObjectStore } from './object-store-contract.ts';

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'folder-object-store-'));
});
afterAll(async () => {
  await rm(parent, { recursive: true });
});

const newFolder = (): string => join(parent, `archive-${Math.random()}`);

const emptyStore = async (): Promise<FolderObjectStore> => {
  const store = new FolderObjectStore(newFolder());
  await store.check();
  return store;
};

describeObjectStore(
  'FolderObjectStore',
  emptyStore,
  async () => new FolderObjectStore(newFolder()),
);

const storeIn = (folder: string) => new FolderObjectStore(folder);
const bytesOf = (content: string): Uint8Array => Buffer.from(content);

async function keysOf(store: FolderObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

async function straysOf(store: FolderObjectStore, prefixes = ['']): Promise<string[]> {
  const strays = await Array.fromAsync(store.strays(prefixes));
  return strays.map(({ nature, key }) => `${nature} ${key}`).sort();
}

describe('FolderObjectStore on its file system', () => {
  it('lets its owner in, and nobody else', async () => {
    const folder = newFolder();
    const store = storeIn(join(folder, 'deeper'));
    await store.check();
    await store.create('a/b', bytesOf('x'));

    for (const path of ['', 'deeper', 'deeper/a', 'deeper/.incoming'])
      expect((await stat(join(folder, path))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'deeper/a/b'))).mode & 0o777).toBe(0o600);
  });

  it('gives the file itself as its local copy', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.create('a/b', bytesOf('x'));

    expect(await store.localCopy('a/b')).toBe(join(folder, 'a/b'));
  });

  it('needs no check before the first object', async () => {
    expect(await storeIn(newFolder()).create('a', bytesOf('x'))).toBe('created');
  });

  it('leaves nothing in .incoming, whatever became of the object', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.check();
    await store.create('a', bytesOf('x'));
    await store.create('a', bytesOf('y'));
    await store
      .create('b', { file: join(folder, 'absent'), bytes: 1, sha256: '' })
      .catch(() => undefined);

    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  it('sweeps what a killed process left a day ago, and nothing younger', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.check();
    for (const [name, hours] of [
      ['old', 25],
      ['young', 23],
    ] as const) {
      const path = join(folder, '.incoming', name);
      await writeFile(path, 'half');
      const then = new Date(Date.now() - hours * 60 * 60 * 1000);
      await utimes(path, then, then);
    }

    await store.check();

    expect(await readdir(join(folder, '.incoming'))).toEqual(['young']);
  });

  it('lists neither hidden names nor links', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.create('a/b', bytesOf('x'));
    await writeFile(join(folder, 'a/.b.rsync'), 'half');
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/HEAD'), '');
    await symlink('b', join(folder, 'a/link'));
    await symlink('..', join(folder, 'a/loop'));

    expect(await keysOf(store)).toEqual(['a/b']);
  });

  it('names as strays what no listing gives, but not its own half-written files', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.create('a/b', bytesOf('x'));
    await writeFile(join(folder, '.incoming/half'), 'half');
    await writeFile(join(folder, 'a/.b.rsync'), 'half');
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/HEAD'), '');
    await mkdir(join(folder, 'a/.incoming'));
    await symlink('b', join(folder, 'a/link'));
    await symlink('nowhere', join(folder, 'a/dangling'));
    await symlink('..', join(folder, 'a/loop'));
    await symlink('a', join(folder, 'c'));
    execFileSync('mkfifo', [join(folder, 'a/pipe')]);

    expect(await straysOf(store)).toEqual([
      'hidden .git',
      'hidden a/.b.rsync',
      'hidden a/.incoming',
      'link a/dangling',
      'link a/link',
      'link a/loop',
      'link c',
      'special a/pipe',
    ]);
    expect(await keysOf(store)).toEqual(['a/b']);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('calls a name that is not UTF-8 a stray', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.create('a/b', bytesOf('x'));
    const bytes = (name: string) => Buffer.from(`${folder}/a/${name}`, 'latin1');
    await writeFile(bytes('\xff.parquet'), 'x');
    await mkdir(bytes('\xfe'));

    expect(await straysOf(store)).toEqual(['undecodable a/\ufffd', 'undecodable a/\ufffd.parquet']);
    expect(await keysOf(store)).toEqual(['a/b']);
  });

  it('names the strays below prefixes, and on the way to them', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    for (const key of ['events/v1/f=a/x', 'events/v1/f=b/x']) await store.create(key, bytesOf('x'));
    await symlink('x', join(folder, 'events/v1/f=a/y'));
    await symlink('x', join(folder, 'events/v1/f=b/y'));
    await symlink('f=a', join(folder, 'events/v1/f=c'));
    await symlink('events', join(folder, 'runs'));
    await writeFile(join(folder, '.notes'), '');

    expect(await straysOf(store, ['events/v1/f=a/', 'runs/v1/f=a/', 'runs/v2/f=a/'])).toEqual([
      'link events/v1/f=a/y',
      'link runs',
    ]);
    expect(await straysOf(store, ['events/v1/f=c/'])).toEqual(['link events/v1/f=c']);
  });

  it.each(['link', 'file'])('calls .incoming a stray when it is a %s', async (what) => {
    const folder = newFolder();
    await mkdir(folder);
    if (what === 'link') await symlink('..', join(folder, '.incoming'));
    else await writeFile(join(folder, '.incoming'), 'x');

    expect(await straysOf(storeIn(folder))).toEqual([
      `${what === 'link' ? 'link' : 'hidden'} .incoming`,
    ]);
  });

  it('takes no link and no pipe for an object, wherever on the way to its key', async () => {
    const folder = newFolder();
    const store = storeIn(folder);
    await store.create('a/b/c', bytesOf('x'));
    await symlink('c', join(folder, 'a/b/link'));
    await symlink('a', join(folder, 'linked'));
    execFileSync('mkfifo', [join(folder, 'a/b/pipe')]);

    for (const key of ['a/b/link', 'linked/b/c', 'a/b/pipe']) {
      expect(await store.get(key)).toBeUndefined();
      expect(await store.localCopy(key)).toBeUndefined();
      await expect(store.create(key, bytesOf('x'))).rejects.toMatchObject({
        code: 'STORE_DENIED',
        message: expect.stringMatching(
          /: (a\/b\/link|linked|a\/b\/pipe) is (a symbolic link|neither a file nor a folder)/,
        ),
      });
    }
    expect(await keysOf(store, 'linked/b/')).toEqual([]);
    expect(await keysOf(store, 'a/b/')).toEqual(['a/b/c']);
  });

  it('may be reached through a link itself', async () => {
    const folder = newFolder();
    await mkdir(folder);
    const linked = newFolder();
    await symlink(folder, linked);
    const store = storeIn(linked);
    await store.check();

    expect(await store.create('a/b', bytesOf('x'))).toBe('created');
    expect(await keysOf(store)).toEqual(['a/b']);
    expect(await store.get('a/b')).toEqual(Buffer.from('x'));
    expect(await store.localCopy('a/b')).toBe(join(linked, 'a/b'));
    expect(await straysOf(store)).toEqual([]);
  });

  it('finds nothing below a name that is a file', async () => {
    const store = storeIn(newFolder());
    await store.create('events/eu-1', bytesOf('x'));

    expect(await keysOf(store, 'events/eu-1/dt=1/')).toEqual([]);
    expect(await keysOf(store, 'events/eu-1')).toEqual(['events/eu-1']);
  });

  it('does not call a folder an existing object', async () => {
    const store = storeIn(newFolder());
    await store.create('a/b', bytesOf('x'));

    await expect(store.create('a', bytesOf('x'))).rejects.toMatchObject({ code: 'STORE_DENIED' });
    await expect(store.create('a/b/c', bytesOf('x'))).rejects.toMatchObject({
      code: 'STORE_DENIED',
    });
  });

  it('says what to do when the archive is a file, or below one', async () => {
    const file = newFolder();
    await writeFile(file, 'not a folder');
    const denied = {
      code: 'STORE_DENIED',
      message: expect.stringMatching(/needed \(E[A-Z]+\); correct `archive` in the configuration$/),
    };

    for (const path of [file, join(file, 'below')]) {
      const store = storeIn(path);
      await expect(store.check()).rejects.toMatchObject(denied);
      await expect(store.create('a', bytesOf('x'))).rejects.toMatchObject(denied);
      await expect(store.get('a')).rejects.toMatchObject(denied);
      await expect(keysOf(store)).rejects.toMatchObject(denied);
    }
  });

  it('holds whole objects only, and all it confirmed, however often its writer is killed', async () => {
    const folder = newFolder();
    const own = newFolder();
    await mkdir(own);
    const confirmed = new Set<string>();
    for (let round = 0; round < 12; round += 1)
      for (const key of await writeUntilKilled(folder, own, `w${round}`)) confirmed.add(key);

    const store = storeIn(folder);
    const keys = await keysOf(store);
    for (const key of keys) {
      const bytes = Buffer.from((await store.get(key)) ?? []);
      const rest = createHash('sha256').update(bytes.subarray(64)).digest('hex');
      expect({ key, sha256: bytes.subarray(0, 64).toString() }).toEqual({ key, sha256: rest });
    }
    expect(confirmed.size).toBeGreaterThan(0);
    expect(keys).toEqual(expect.arrayContaining([...confirmed]));
    // Else it was never killed in the middle of anything.
    expect((await readdir(join(folder, '.incoming'))).length).toBeGreaterThan(0);
  });
});

/** Run a writer of its own process, kill it a moment after its first object, and give the keys it confirmed. */
async function writeUntilKilled(archive: string, own: string, name: string): Promise<string[]> {
  const program = join(import.meta.dirname, 'endless-writer.ts');
  const writer = spawn(process.execPath, [program, archive, own, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  writer.stdout.on('data', (chunk) => {
    if (printed === '') setTimeout(() => writer.kill('SIGKILL'), Math.random() * 100);
    printed += chunk;
  });
  await once(writer, 'close');
  return printed.split('\n').slice(0, -1);
}

const whyNoMounts = mountProblem();
const suite = whyNoMounts === undefined ? describe : describe.skip;

suite(whyNoMounts ?? 'FolderObjectStore on a file system of 1 MiB', () => {
  let folder: string;

  beforeEach(async () => {
    folder = newFolder();
    await mkdir(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  });
  afterEach(() => {
    execFileSync('umount', [folder]);
  });

  it('stores nothing when it is full, and goes on when there is space again', async () => {
    const store = storeIn(folder);
    await store.create('small', bytesOf('x'));
    const file = newFolder();
    const bytes = Buffer.alloc(2 * 1024 * 1024);
    await writeFile(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');

    for (const body of [bytes, { file, bytes: bytes.length, sha256 }])
      await expect(store.create('large', body)).rejects.toMatchObject({
        code: 'STORE_FULL',
        message: `cannot store large in the archive file:${folder}: no space left (ENOSPC); nothing was stored; free space and run again`,
      });

    expect(await keysOf(store)).toEqual(['small']);
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
    expect(await store.create('large', bytes.subarray(0, 1000))).toBe('created');
  });

  it('can be read, but not written, when it is read-only', async () => {
    const store = storeIn(folder);
    await store.create('a', bytesOf('x'));
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const denied = { code: 'STORE_DENIED', message: expect.stringContaining('read-only') };

    await expect(store.check()).rejects.toMatchObject(denied);
    await expect(store.create('b', bytesOf('x'))).rejects.toMatchObject(denied);

    expect(await keysOf(store)).toEqual(['a']);
    expect(await store.get('a')).toEqual(Buffer.from('x'));
    expect(await store.create('a', bytesOf('y'))).toBe('exists');
  });

  it('refuses an archive that is spread over two file systems', async () => {
    const store = storeIn(join(folder, '..'));

    await expect(store.create(`${basename(folder)}/a`, bytesOf('x'))).rejects.toMatchObject({
      code: 'STORE_DENIED',
      message: expect.stringContaining('(EXDEV)'),
    });
  });
});

/** Why no file system can be mounted here, as a title for what is skipped; undefined when one can. */
function mountProblem(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return undefined;
  } catch {
    return 'a full and a read-only file system: only root may mount them';
  } finally {
    rmdirSync(folder);
  }
}
