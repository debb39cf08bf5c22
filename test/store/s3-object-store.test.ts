import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { S3ObjectStore } from '../../lib/store/s3-object-store.ts';

const s3 = mockClient(S3Client);
const BYTES = Buffer.from('what happened');
const HEX = createHash('sha256').update(BYTES).digest('hex');
const BASE64 = createHash('sha256').update(BYTES).digest('base64');
const KEY = 'manifests/v1/foundation=eu-1/dt=2026-03-01/r0000.json';

let waits: number[];
let store: S3ObjectStore;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 's3-object-store-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  s3.reset();
  waits = [];
  store = new S3ObjectStore(new S3Client({ region: 'eu-central-1' }), 'archive', {
    wait: async (ms) => {
      waits.push(ms);
    },
  });
});

/** An answer of S3 as the SDK throws it; `attempts` as it counts its own repeats. */
const answer = (status: number, name: string, attempts = 1): Error =>
  Object.assign(new Error(`said ${name}`), {
    name,
    $metadata: { httpStatusCode: status, attempts },
  });
const TAKEN = answer(412, 'PreconditionFailed');
const RACE = answer(409, 'ConditionalRequestConflict');
const SLOW_DOWN = answer(503, 'SlowDown');
const ABSENT = answer(404, 'NotFound');
const HANG_UP = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

const aFile = async () => {
  const file = join(directory, 'body');
  await writeFile(file, BYTES);
  return { file, bytes: BYTES.length, sha256: HEX };
};

/** Let PutObject read its body to the end, as sending it does, before each answer in turn. */
function putsAnswer(...answers: (Error | undefined)[]): Buffer[] {
  const sent: Buffer[] = [];
  s3.on(PutObjectCommand).callsFake(async (input) => {
    sent.push(Buffer.concat(await Readable.from(input.Body).toArray()));
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next !== undefined) throw next;
    return {};
  });
  return sent;
}
const putsSent = () => s3.commandCalls(PutObjectCommand).length;

describe('create', () => {
  it('puts bytes with the condition and their checksum', async () => {
    s3.on(PutObjectCommand).resolves({});

    expect(await store.create(KEY, BYTES)).toBe('created');

    expect(s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input)).toEqual([
      {
        Bucket: 'archive',
        Key: KEY,
        IfNoneMatch: '*',
        ChecksumSHA256: BASE64,
        ContentLength: 13,
        Body: BYTES,
      },
    ]);
  });

  it('puts a file as a stream with the same', async () => {
    const sent = putsAnswer(undefined);

    expect(await store.create(KEY, await aFile())).toBe('created');

    expect(sent).toEqual([BYTES]);
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'archive',
      Key: KEY,
      IfNoneMatch: '*',
      ChecksumSHA256: BASE64,
      ContentLength: 13,
      Body: expect.any(Readable),
    });
  });

  it('takes the first 412 as it is, and looks at nothing', async () => {
    putsAnswer(TAKEN);

    expect(await store.create(KEY, BYTES)).toBe('exists');

    expect(s3.calls()).toHaveLength(1);
  });

  it.each([
    ['ours', { ChecksumSHA256: BASE64 }, 'created'],
    ['other bytes', { ChecksumSHA256: 'b3RoZXI=' }, 'exists'],
    ['without a checksum', {}, 'exists'],
  ])('after an unclear attempt looks whose the object is: %s', async (_, head, said) => {
    s3.on(HeadObjectCommand).resolves(head);

    putsAnswer(answer(412, 'PreconditionFailed', 2));
    expect(await store.create(KEY, BYTES)).toBe(said);

    putsAnswer(HANG_UP, TAKEN);
    expect(await store.create(KEY, await aFile())).toBe(said);

    expect(s3.commandCalls(HeadObjectCommand).map(({ args }) => args[0].input)).toEqual(
      Array(2).fill({ Bucket: 'archive', Key: KEY, ChecksumMode: 'ENABLED' }),
    );
  });

  it('reads the file anew for every attempt', async () => {
    const sent = putsAnswer(HANG_UP, SLOW_DOWN, answer(500, 'InternalError'), undefined);

    expect(await store.create(KEY, await aFile())).toBe('created');

    expect(sent).toEqual([BYTES, BYTES, BYTES, BYTES]);
  });

  it('says so when the file changes between two attempts', async () => {
    const body = await aFile();
    s3.on(PutObjectCommand).callsFake(async (input) => {
      await Readable.from(input.Body).toArray();
      await truncate(body.file, 3);
      throw HANG_UP;
    });

    await expect(store.create(KEY, body)).rejects.toMatchObject({
      code: 'STORE_BODY_INVALID',
      message: `${body.file} changed before it was stored: it has fewer than 13 bytes; nothing was stored`,
    });
    expect(putsSent()).toBe(2);
  });

  it('leaves a race to who has won it', async () => {
    putsAnswer(RACE);
    s3.on(HeadObjectCommand).resolves({ ChecksumSHA256: BASE64 });

    expect(await store.create(KEY, BYTES)).toBe('exists');

    expect(putsSent()).toBe(1);
  });

  it('runs again when nobody has won a race', async () => {
    putsAnswer(RACE, RACE, undefined);
    s3.on(HeadObjectCommand).rejects(ABSENT);

    expect(await store.create(KEY, BYTES)).toBe('created');

    expect(waits).toHaveLength(2);
  });

  it('gives up a race after five attempts', async () => {
    putsAnswer(RACE);
    s3.on(HeadObjectCommand).rejects(ABSENT);

    await expect(store.create(KEY, BYTES)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    expect(putsSent()).toBe(5);
  });

  it('waits at most twice as long each time, and gives up a file after five attempts', async () => {
    putsAnswer(SLOW_DOWN);

    await expect(store.create(KEY, await aFile())).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: `cannot store ${KEY} in the archive s3://archive: no usable answer (503 SlowDown said SlowDown); try again, or check AWS_ENDPOINT_URL and the network`,
      cause: SLOW_DOWN,
    });
    expect(putsSent()).toBe(5);
    expect(waits.map((ms, index) => ms >= 0 && ms <= 400 * 2 ** index)).toEqual(
      Array(4).fill(true),
    );
  });

  it('leaves repeating what is in memory to the SDK', async () => {
    putsAnswer(SLOW_DOWN);

    await expect(store.create(KEY, BYTES)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(putsSent()).toBe(1);
  });

  it('does not repeat what was refused', async () => {
    putsAnswer(answer(403, 'AccessDenied'));

    await expect(store.create(KEY, await aFile())).rejects.toMatchObject({ code: 'STORE_DENIED' });
    expect(putsSent()).toBe(1);
  });

  it('refuses a file over 5 GiB before sending it', async () => {
    const body = { ...(await aFile()), bytes: 5 * 1024 ** 3 + 1 };

    await expect(store.create(KEY, body)).rejects.toMatchObject({
      code: 'STORE_BODY_INVALID',
      message: `${body.file} has 5368709121 bytes; S3 takes 5368709120 in one request`,
    });
    expect(putsSent()).toBe(0);
  });
});

describe('list', () => {
  it('follows the pages', async () => {
    const at = new Date('2026-03-02T04:00:00Z');
    const asked: unknown[] = [];
    s3.on(ListObjectsV2Command).callsFake(async (input) => {
      asked.push({ ...input });
      return input.ContinuationToken === 'more'
        ? { Contents: [{ Key: 'b', Size: 0, LastModified: at }] }
        : {
            IsTruncated: true,
            NextContinuationToken: 'more',
            Contents: [{ Key: 'a', Size: 1, LastModified: at }],
          };
    });

    const objects = [];
    for await (const object of store.list('events/v1/')) objects.push(object);

    expect(objects).toEqual([
      { key: 'a', bytes: 1, modifiedAt: at },
      { key: 'b', bytes: 0, modifiedAt: at },
    ]);
    expect(asked).toEqual([
      { Bucket: 'archive', Prefix: 'events/v1/' },
      { Bucket: 'archive', Prefix: 'events/v1/', ContinuationToken: 'more' },
    ]);
  });

  it('asks for no page that nobody wants', async () => {
    s3.on(ListObjectsV2Command).resolves({
      IsTruncated: true,
      NextContinuationToken: 'more',
      Contents: [{ Key: 'a', Size: 1, LastModified: new Date(0) }],
    });

    for await (const { key } of store.list('')) {
      expect(key).toBe('a');
      break;
    }

    expect(s3.calls()).toHaveLength(1);
  });
});

describe('get and localCopy', () => {
  const gives = (body: Uint8Array, more: Partial<GetObjectCommandOutput> = {}): void => {
    s3.on(GetObjectCommand).callsFake(async () => ({
      Body: Object.assign(Readable.from([body]), { transformToByteArray: async () => body }),
      ContentLength: BYTES.length,
      ChecksumSHA256: BASE64,
      ...more,
    }));
  };

  it('ask for the checksum', async () => {
    gives(BYTES);

    await store.get(KEY);
    await store.localCopy(KEY, directory);

    expect(s3.commandCalls(GetObjectCommand).map(({ args }) => args[0].input)).toEqual(
      Array(2).fill({ Bucket: 'archive', Key: KEY, ChecksumMode: 'ENABLED' }),
    );
  });

  it('give undefined for an absent object', async () => {
    s3.on(GetObjectCommand).rejects(answer(404, 'NoSuchKey'));

    expect(await store.get(KEY)).toBeUndefined();
    expect(await store.localCopy(KEY, directory)).toBeUndefined();
  });

  it('copy an object of several parts, whose checksum is not that of its bytes', async () => {
    gives(BYTES, { ChecksumSHA256: 'b3RoZXI=-3' });

    expect(await readFile((await store.localCopy(KEY, directory)) ?? '')).toEqual(BYTES);
  });

  it.each([
    ['too short', { ContentLength: 14 }, '13 of 14 bytes came'],
    [
      'other',
      { ChecksumSHA256: 'b3RoZXI=' },
      `bytes came whose SHA-256 is ${BASE64}, not b3RoZXI=`,
    ],
  ])('leave no copy that is %s', async (_, more, message) => {
    gives(BYTES, more);

    await expect(store.localCopy('broken/copy', directory)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
    expect(await readdir(join(directory, 'broken'))).toEqual([]);
    expect(s3.calls()).toHaveLength(5);
  });

  it('say when the copy cannot be written', async () => {
    gives(BYTES);
    const { file } = await aFile();

    await expect(store.localCopy(KEY, join(file, 'below'))).rejects.toMatchObject({
      code: 'STORE_DENIED',
      message: expect.stringContaining(`cannot write a copy to ${file}/below: ENOTDIR`),
    });
  });
});

describe('check', () => {
  it('looks at the bucket', async () => {
    s3.on(HeadBucketCommand).resolves({});

    await store.check();

    expect(s3.calls().map(({ args }) => args[0].input)).toEqual([{ Bucket: 'archive' }]);
  });

  const named = (name: string): Error => Object.assign(new Error('said nothing'), { name });
  it.each([
    [
      answer(404, 'NotFound'),
      'STORE_NOT_FOUND',
      'bucket archive does not exist; create it (versioned, Object Lock capable) or correct `archive` in the configuration',
    ],
    [
      answer(301, 'PermanentRedirect'),
      'STORE_NOT_FOUND',
      'the bucket is in another region (301 PermanentRedirect said PermanentRedirect); set AWS_REGION to it',
    ],
    [
      answer(403, 'AccessDenied'),
      'STORE_DENIED',
      'access denied (403 AccessDenied said AccessDenied); give these credentials s3:ListBucket, s3:GetObject and s3:PutObject on the bucket, or correct `archive` in the configuration',
    ],
    [
      answer(400, 'ExpiredToken'),
      'STORE_DENIED',
      'the AWS session has expired (ExpiredToken); log in again',
    ],
    [
      answer(400, 'InvalidRequest'),
      'STORE_DENIED',
      "refused (400 InvalidRequest said InvalidRequest); correct the bucket's settings, or correct `archive` in the configuration",
    ],
    [
      named('CredentialsProviderError'),
      'STORE_DENIED',
      'no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run under a role',
    ],
    [new Error('Region is missing'), 'STORE_DENIED', 'no AWS region; set AWS_REGION'],
    [
      answer(507, 'XMinioStorageFull'),
      'STORE_FULL',
      'no space left (507 XMinioStorageFull said XMinioStorageFull); nothing was stored',
    ],
    [
      HANG_UP,
      'STORE_UNAVAILABLE',
      'no usable answer (Error socket hang up); try again, or check AWS_ENDPOINT_URL and the network',
    ],
    [
      answer(400, 'BadDigest'),
      'STORE_BODY_INVALID',
      'the bytes differ from their SHA-256 (400 BadDigest said BadDigest); nothing was stored',
    ],
  ])('turns %p into %s', async (error, code, advice) => {
    s3.on(HeadBucketCommand).rejects(error);

    await expect(store.check()).rejects.toMatchObject({
      code,
      message: `cannot look into the bucket in the archive s3://archive: ${advice}`,
      cause: error,
    });
  });
});
