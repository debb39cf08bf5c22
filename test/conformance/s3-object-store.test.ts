import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import { S3ObjectStore } from '../../lib/store/s3-object-store.ts';
import { describeObjectStore } from '../store/object-store-contract.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/s3-server/faulty-proxy.ts';
import { type S3Server, s3ServerAbsence, startS3Server } from '../support/s3-server/s3-server.ts';

const absence = s3ServerAbsence();
const suite = absence === undefined ? describe : describe.skip;

suite(absence ?? 'S3', () => {
  let server: S3Server;
  let proxy: FaultyProxy;
  let directory: string;
  let buckets = 0;

  beforeAll(async () => {
    server = await startS3Server();
    proxy = await startFaultyProxy(server.endpoint);
    directory = await mkdtemp(join(tmpdir(), 's3-object-store-'));
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.close();
    await rm(directory, { recursive: true });
  });

  const newBucket = async (objectLock = false): Promise<string> => {
    buckets += 1;
    await server.createBucket(`archive-${buckets}`, { objectLock });
    return `archive-${buckets}`;
  };
  const emptyStore = async () => new S3ObjectStore(server.client(), await newBucket());

  describeObjectStore(
    'S3ObjectStore',
    emptyStore,
    async () => new S3ObjectStore(server.client(), 'absent'),
  );

  describeObjectStore(
    'S3ObjectStore on a versioned bucket with Object Lock',
    async () => new S3ObjectStore(server.client(), await newBucket(true)),
    async () => new S3ObjectStore(server.client(), 'absent'),
  );

  it('has the SHA-256 of every object kept by the store', async () => {
    const bucket = await newBucket();
    const store = new S3ObjectStore(server.client(), bucket);
    const bytes = randomBytes(100_000);
    const sha256 = createHash('sha256').update(bytes);
    const file = join(directory, 'body');
    await writeFile(file, bytes);

    await store.create('memory', bytes);
    await store.create('file', { file, bytes: bytes.length, sha256: sha256.copy().digest('hex') });

    for (const Key of ['memory', 'file']) {
      const head = new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' });
      expect((await server.client().send(head)).ChecksumSHA256).toBe(
        sha256.copy().digest('base64'),
      );
    }
  });

  it('opens by its URL, with the endpoint of the environment', async () => {
    const bucket = await newBucket();
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    try {
      const store = await openObjectStore(`s3://${bucket}`, process.env);
      await store.check();
      expect(await store.create('a', Buffer.from('b'))).toBe('created');
      expect(store.url).toBe(`s3://${bucket}`);
    } finally {
      process.env = before;
    }
  });

  describe('check', () => {
    it('says of an absent bucket what to do', async () => {
      await expect(new S3ObjectStore(server.client(), 'absent').check()).rejects.toMatchObject({
        code: 'STORE_NOT_FOUND',
        message:
          'cannot look into the bucket in the archive s3://absent: bucket absent does not exist; create it (versioned, Object Lock capable) or correct `archive` in the configuration',
      });
    });

    it('says that nobody answers', async () => {
      const client = server.client('http://127.0.0.1:1');

      await expect(new S3ObjectStore(client, 'archive').check()).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED'),
        retryable: true,
      });
    });
  });

  describe('over a bad connection', () => {
    let bucket: string;
    let store: S3ObjectStore;
    let bodies: Record<'memory' | 'file', Parameters<S3ObjectStore['create']>[1]>;
    const bytes = randomBytes(6 * 1024 * 1024);

    beforeEach(async () => {
      bucket = await newBucket();
      store = new S3ObjectStore(server.client(proxy.endpoint), bucket, { wait: async () => {} });
      const file = join(directory, 'body');
      await writeFile(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      bodies = { memory: bytes, file: { file, bytes: bytes.length, sha256 } };
    });
    afterEach(() => {
      proxy.inject('PUT');
      proxy.inject('GET');
    });

    describe.each(['memory', 'file'] as const)('from %s', (source) => {
      it('says created when the answer to its own success was lost', async () => {
        proxy.inject('PUT', 'answer lost');

        expect(await store.create('key', bodies[source])).toBe('created');

        expect(Buffer.compare((await store.get('key')) ?? Buffer.of(), bytes)).toBe(0);
      });

      it('says exists when the lost answer was that another was first', async () => {
        await store.create('key', Buffer.from('another'));
        proxy.inject('PUT', 'answer lost');

        expect(await store.create('key', bodies[source])).toBe('exists');
      });

      it.each(['refused', 'slow down'] as const)('tries again when %s', async (fault) => {
        proxy.inject('PUT', fault);

        expect(await store.create('key', bodies[source])).toBe('created');
      });

      it('gives up when it stays that way, and nothing is stored', async () => {
        proxy.inject('PUT', ...Array(20).fill('slow down'));

        await expect(store.create('key', bodies[source])).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
        });
        expect(await store.get('key')).toBeUndefined();
      });
    });

    it('reads again what broke off', async () => {
      await store.create('key', bytes);
      proxy.inject('GET', 'answer cut', 'answer cut');

      expect(Buffer.compare((await store.get('key')) ?? Buffer.of(), bytes)).toBe(0);

      proxy.inject('GET', 'answer cut', 'answer cut');
      const copy = (await store.localCopy('key', directory)) ?? '';
      expect(Buffer.compare(await readFile(copy), bytes)).toBe(0);
    });

    it('leaves no half copy behind when it always breaks off', async () => {
      await store.create('broken/key', bytes);
      proxy.inject('GET', ...Array(20).fill('answer cut'));

      await expect(store.localCopy('broken/key', directory)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
      expect(await readdir(join(directory, 'broken'))).toEqual([]);
    });
  });

  // What the archive leans on, asked of the server itself: a server that fails here is unfit, however well the rest does.
  describe('the server', () => {
    it('refuses a body that differs from its checksum', async () => {
      const put = new PutObjectCommand({
        Bucket: await newBucket(),
        Key: 'key',
        Body: 'other bytes',
        ChecksumSHA256: createHash('sha256').update('bytes').digest('base64'),
      });

      await expect(server.client().send(put)).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
      });
    });

    it('keeps the first version when a conditional put is refused', async () => {
      const bucket = await newBucket(true);
      const store = new S3ObjectStore(server.client(), bucket);
      await store.create('key', Buffer.from('first'));
      await store.create('key', Buffer.from('second'));

      const object = await server
        .client()
        .send(new GetObjectCommand({ Bucket: bucket, Key: 'key' }));
      expect(await object.Body?.transformToString()).toBe('first');
    });
  });
});
