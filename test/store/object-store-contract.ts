import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectStore, StoredObject } from '../../lib/domain/object-store.ts';

const MIB = 1024 * 1024;
const text = (content: string): Uint8Array => Buffer.from(content);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function collect(listing: AsyncIterable<StoredObject>): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of listing) objects.push(object);
  return objects;
}

const keysOf = async (store: ObjectStore, prefix = ''): Promise<string[]> =>
  (await collect(store.list(prefix))).map(({ key }) => key);

const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * What every object store promises, whatever it sits on.
 *
 * @param emptyStore - a store that exists and holds nothing
 * @param absentStore - a store whose folder or bucket does not exist
 */
export function describeObjectStore(
  name: string,
  emptyStore: () => Promise<ObjectStore>,
  absentStore: () => Promise<ObjectStore>,
): void {
  describe(name, () => {
    let store: ObjectStore;
    let directory: string;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'object-store-'));
    });
    afterAll(async () => {
      await rm(directory, { recursive: true });
    });
    beforeEach(async () => {
      store = await emptyStore();
    });

    const aFile = async (bytes: Uint8Array) => {
      const file = join(directory, `body-${Math.random()}`);
      await writeFile(file, bytes);
      return { file, bytes: bytes.byteLength, sha256: sha256(bytes) };
    };

    describe('check', () => {
      it('passes and leaves nothing behind', async () => {
        await store.check();

        expect(await keysOf(store)).toEqual([]);
      });
    });

    describe('create', () => {
      it('stores bytes that come back as they were', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

        expect(await store.create('digests/v1/a.json', bytes)).toBe('created');

        expect(Buffer.from((await store.get('digests/v1/a.json')) ?? []).equals(bytes)).toBe(true);
      });

      it('stores an empty object, from memory and from a file', async () => {
        expect(await store.create('from-memory', new Uint8Array())).toBe('created');
        expect(await store.create('from-file', await aFile(new Uint8Array()))).toBe('created');

        expect(await collect(store.list(''))).toMatchObject([
          { key: 'from-file', bytes: 0 },
          { key: 'from-memory', bytes: 0 },
        ]);
        expect((await store.get('from-memory'))?.byteLength).toBe(0);
      });

      it('leaves the first bytes when the key is taken', async () => {
        await store.create('day/r0000.json', text('first'));

        expect(await store.create('day/r0000.json', text('second'))).toBe('exists');
        expect(await store.create('day/r0000.json', text('first'))).toBe('exists');
        expect(await store.create('day/r0000.json', await aFile(text('third')))).toBe('exists');

        expect(Buffer.from((await store.get('day/r0000.json')) ?? []).toString()).toBe('first');
      });

      it('lets one of 20 racing writers win, and keeps its bytes', async () => {
        for (let round = 0; round < 5; round += 1) {
          const key = `race/${round}`;

          const answers = await Promise.all(
            Array.from({ length: 20 }, async (_, writer) => {
              const body = text(`writer ${writer} `.repeat(500));
              return store.create(key, writer % 2 ? body : await aFile(body));
            }),
          );

          expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
          const winner = text(`writer ${answers.indexOf('created')} `.repeat(500));
          expect(Buffer.from((await store.get(key)) ?? []).equals(winner)).toBe(true);
        }
      });

      it('stores a file of 30 MiB and says so of a second attempt', async () => {
        const body = await aFile(randomBytes(30 * MIB));

        expect(await store.create('events/part-0000.parquet', body)).toBe('created');
        expect(await store.create('events/part-0000.parquet', body)).toBe('exists');

        expect(await collect(store.list('events/'))).toMatchObject([{ bytes: 30 * MIB }]);
        const copy = (await store.localCopy('events/part-0000.parquet', directory)) ?? '';
        expect(sha256(await readFile(copy))).toBe(body.sha256);
      });

      it.each([
        ['other bytes than its SHA-256 says', async (file: string) => writeAt(file, 7, 'x')],
        ['become shorter', async (file: string) => truncate(file, 2 * MIB)],
        ['become longer', async (file: string) => writeAt(file, 3 * MIB, 'more')],
        ['vanished', async (file: string) => rm(file)],
      ])('refuses a file that has %s, and stores nothing', async (_, change) => {
        const body = await aFile(randomBytes(3 * MIB));
        await change(body.file);

        await expect(store.create('events/part-0000.parquet', body)).rejects.toMatchObject({
          name: 'ArchiveError',
          code: 'STORE_BODY_INVALID',
          message: expect.stringContaining(body.file),
        });

        expect(await keysOf(store)).toEqual([]);
        expect(await store.get('events/part-0000.parquet')).toBeUndefined();
        expect(await store.create('events/part-0000.parquet', text('right'))).toBe('created');
      });

      it('stores nothing when the file shrinks while it is read', async () => {
        const body = await aFile(randomBytes(30 * MIB));

        const creating = store.create('events/part-0000.parquet', body);
        await truncate(body.file, 0);

        await expect(creating).rejects.toMatchObject({ code: 'STORE_BODY_INVALID' });
        expect(await keysOf(store)).toEqual([]);
      });

      it.each([
        '',
        '/absolute',
        '../outside',
        'a/../../outside',
        'a/./b',
        'a//b',
        'a/',
        'a\\b',
        'a\0b',
        '.hidden',
        'a/.hidden/b',
      ])('refuses the key %j', async (key) => {
        const denied = { name: 'ArchiveError', code: 'STORE_DENIED' };

        await expect(store.create(key, text(''))).rejects.toMatchObject(denied);
        await expect(store.get(key)).rejects.toMatchObject(denied);
        await expect(store.localCopy(key, directory)).rejects.toMatchObject(denied);
      });
    });

    describe('list', () => {
      it('gives nothing for an empty store and for a prefix nobody has', async () => {
        await store.create('a/b', text(''));

        expect(await keysOf(store, 'a/b/c')).toEqual([]);
        expect(await keysOf(store, 'b/')).toEqual([]);
        expect(await keysOf(await emptyStore())).toEqual([]);
      });

      it('gives key, length and time of every object', async () => {
        const before = Date.now();
        await store.create('a/b', text('12345'));

        const [object] = await collect(store.list(''));

        expect(object).toMatchObject({ key: 'a/b', bytes: 5 });
        // S3 knows seconds only.
        expect(object?.modifiedAt.getTime()).toBeGreaterThanOrEqual(before - 1000);
        expect(object?.modifiedAt.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
      });

      it('orders whole keys by their bytes, not folder by folder', async () => {
        const keys = [
          'a!b',
          'a-b',
          'a-b/x',
          'a.b',
          'a/b',
          'a/b-c',
          'a/b.json',
          'a0',
          'a=1/x',
          'aa/a',
          'B/x',
          'dt=2026-01-01/part-0000.parquet',
          'dt=2026-01-10/part-0000.parquet',
          'dt=2026-01-1/part-0000.parquet',
          'z',
          'Z',
        ].filter((key) => key !== 'a-b' && key !== 'a/b'); // a folder cannot hold `a-b` beside `a-b/x`
        for (const key of [...keys].reverse()) await store.create(key, text(key));
        await store.create('a/b/deep', text(''));

        expect(await keysOf(store)).toEqual([...keys, 'a/b/deep'].sort(byteOrder));
      });

      it('takes a prefix that ends in the middle of a name', async () => {
        for (const key of [
          'e/dt=2026-01-01/p',
          'e/dt=2026-01-02/p',
          'e/dt=2026-02-01/p',
          'e/dz',
          'f',
        ])
          await store.create(key, text(''));

        expect(await keysOf(store, 'e/dt=2026-01')).toEqual([
          'e/dt=2026-01-01/p',
          'e/dt=2026-01-02/p',
        ]);
        expect(await keysOf(store, 'e/dt=2026-01-02/')).toEqual(['e/dt=2026-01-02/p']);
        expect(await keysOf(store, 'e/dt=2026-01-02/p')).toEqual(['e/dt=2026-01-02/p']);
        expect(await keysOf(store, 'e')).toHaveLength(4);
      });

      it('gives more than one page of S3 in order, each key once', async () => {
        const keys = Array.from({ length: 1100 }, (_, i) => `runs/dt=${i % 37}/${i}.json`);
        await inBatches(keys, 20, (key) => store.create(key, text(key)));

        expect(await keysOf(store)).toEqual(keys.sort(byteOrder));
        expect(await keysOf(store, 'runs/dt=3')).toEqual(
          keys.filter((key) => key.startsWith('runs/dt=3')).sort(byteOrder),
        );
      });

      it('does not list what is created while others are half-written', async () => {
        const body = await aFile(randomBytes(8 * MIB));
        let done = false;

        const creating = Promise.all(
          Array.from({ length: 8 }, (_, i) => store.create(`big/${i}`, body)),
        ).finally(() => {
          done = true;
        });
        const lengths = new Set<number>();
        while (!done) for (const { bytes } of await collect(store.list(''))) lengths.add(bytes);
        await creating;

        expect([...lengths, 8 * MIB]).toEqual(expect.arrayContaining([8 * MIB]));
        expect([...lengths].filter((bytes) => bytes !== 8 * MIB)).toEqual([]);
      });

      it.each(['/', '../', 'a//b', 'a/../', 'a\\'])('refuses the prefix %j', async (prefix) => {
        await expect(keysOf(store, prefix)).rejects.toMatchObject({ code: 'STORE_DENIED' });
      });
    });

    describe('get and localCopy', () => {
      it('give undefined for what is not there', async () => {
        await store.create('a/b', text(''));

        for (const key of ['x', 'a/x', 'x/y/z', 'a/b/c', 'a']) {
          expect(await store.get(key)).toBeUndefined();
          expect(await store.localCopy(key, directory)).toBeUndefined();
        }
      });

      it('keep copies of equal names apart', async () => {
        await store.create('dt=1/part-0000.parquet', text('one'));
        await store.create('dt=2/part-0000.parquet', text('two'));

        const one = (await store.localCopy('dt=1/part-0000.parquet', directory)) ?? '';
        const two = (await store.localCopy('dt=2/part-0000.parquet', directory)) ?? '';
        const again = (await store.localCopy('dt=2/part-0000.parquet', directory)) ?? '';

        expect(one.endsWith('/dt=1/part-0000.parquet')).toBe(true);
        expect(await readFile(one, 'utf8')).toBe('one');
        expect(await readFile(two, 'utf8')).toBe('two');
        expect(again).toBe(two);
      });
    });

    it('tells an archive that does not exist from an empty one', async () => {
      const absent = await absentStore();
      const notFound = {
        code: 'STORE_NOT_FOUND',
        message: expect.stringMatching(
          /does not exist; create it .*`archive` in the configuration/,
        ),
      };

      await expect(keysOf(absent)).rejects.toMatchObject(notFound);
      await expect(absent.get('a')).rejects.toMatchObject(notFound);
      await expect(absent.localCopy('a', directory)).rejects.toMatchObject(notFound);
    });
  });
}

async function writeAt(file: string, position: number, content: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(content, position);
  await handle.close();
}

async function inBatches<T>(items: T[], size: number, deed: (item: T) => Promise<unknown>) {
  for (let first = 0; first < items.length; first += size)
    await Promise.all(items.slice(first, first + size).map(deed));
}
