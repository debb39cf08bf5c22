import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ArchiveError } from '../domain/errors.ts';
import type { FileBody, ObjectStore, StoredObject } from '../domain/object-store.ts';
import { readFileBody } from './file-body.ts';
import { assertKeyPrefix, assertObjectKey } from './object-key.ts';
import { downloadObject } from './s3-download.ts';
import { attemptsOf, isTransient, s3Error, statusOf } from './s3-error.ts';

/** Of one PutObject. More would need a multipart upload, whose SHA-256 is not the file's. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;

export interface S3ObjectStoreOptions {
  /** Injected so that tests need not wait. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * An archive in an S3 bucket, or on a server that speaks S3 and honours `If-None-Match: *`.
 *
 * Needs s3:ListBucket, s3:GetObject and s3:PutObject, nothing else.
 */
export class S3ObjectStore implements ObjectStore {
  readonly url: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #wait: (ms: number) => Promise<unknown>;

  constructor(client: S3Client, bucket: string, options: S3ObjectStoreOptions = {}) {
    this.url = `s3://${bucket}`;
    this.#client = client;
    this.#bucket = bucket;
    this.#wait = options.wait ?? sleep;
  }

  /** That objects can be written is proven by the first one: a trial object could not be removed again. */
  async check(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      throw s3Error(error, this.url, 'look into the bucket');
    }
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    assertKeyPrefix(prefix);
    try {
      const pages = paginateListObjectsV2(
        { client: this.#client },
        { Bucket: this.#bucket, Prefix: prefix },
      );
      for await (const page of pages) {
        for (const { Key, Size, LastModified } of page.Contents ?? []) {
          if (Key !== undefined)
            yield { key: Key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
        }
      }
    } catch (error) {
      throw s3Error(error, this.url, `list ${prefix || 'objects'}`);
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    assertObjectKey(key);
    return this.#read(key, async () => {
      const object = await this.#getObject(key);
      return object.Body?.transformToByteArray() ?? new Uint8Array();
    });
  }

  async localCopy(key: string, directory: string): Promise<string | undefined> {
    assertObjectKey(key);
    return this.#read(key, async () => downloadObject(await this.#getObject(key), key, directory));
  }

  /**
   * A first answer of 412 means `exists`, whatever the object holds. But when an earlier attempt of this same call had no
   * clear answer, it may have stored the object, and the retry then meets its own work: if the SHA-256 in the store is
   * ours, the call has reached its end and says `created`. Should the equal object be another writer's after all, the
   * caller is served just as well, since key and bytes are what it wanted.
   */
  async create(key: string, body: Uint8Array | FileBody): Promise<'created' | 'exists'> {
    assertObjectKey(key);
    const sha256 = sha256Of(body);
    let unclear = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#put(key, body, sha256);
        return 'created';
      } catch (error) {
        unclear ||= attemptsOf(error) > 1;
        const status = statusOf(error);
        if (status === 412 && !unclear) return 'exists';
        if (status === 412 || status === 409) {
          const stored = await this.#storedSha256(key);
          if (unclear && stored === sha256) return 'created';
          // 409 is a race: without an object, nobody has won it yet.
          if (status === 412 || stored !== undefined) return 'exists';
        } else if (isTransient(error) && !(body instanceof Uint8Array)) {
          // What it holds in memory the SDK has repeated already; a stream it never does.
          unclear = true;
        } else throw s3Error(error, this.url, `store ${key}`);
        if (attempt === MAX_ATTEMPTS) throw s3Error(error, this.url, `store ${key}`);
        await this.#wait(waitBefore(attempt));
      }
    }
  }

  async #put(key: string, body: Uint8Array | FileBody, sha256: string): Promise<void> {
    const object = { Bucket: this.#bucket, Key: key, IfNoneMatch: '*', ChecksumSHA256: sha256 };
    if (body instanceof Uint8Array)
      await this.#client.send(
        new PutObjectCommand({ ...object, Body: body, ContentLength: body.byteLength }),
      );
    else await this.#putFile(object, body);
  }

  async #putFile(object: PutObjectCommandInput, body: FileBody): Promise<void> {
    if (body.bytes > MAX_OBJECT_BYTES)
      throw new ArchiveError(
        'STORE_BODY_INVALID',
        `${body.file} has ${body.bytes} bytes; S3 takes ${MAX_OBJECT_BYTES} in one request`,
      );
    const stream = Readable.from(readFileBody(body), { objectMode: false });
    const abort = new AbortController();
    let broken: Error | undefined;
    // The SDK only pipes the stream: it would wait for the rest of a broken one until the connection times out.
    stream.once('error', (error) => {
      broken = error;
      abort.abort();
    });
    try {
      await this.#client.send(
        new PutObjectCommand({ ...object, Body: stream, ContentLength: body.bytes }),
        { abortSignal: abort.signal },
      );
    } catch (error) {
      throw broken ?? error;
    } finally {
      stream.destroy();
    }
  }

  /** Base64; empty when the object was stored without one; undefined when there is no object. */
  async #storedSha256(key: string): Promise<string | undefined> {
    const input = { Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' } as const;
    try {
      return (await this.#client.send(new HeadObjectCommand(input))).ChecksumSHA256 ?? '';
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw s3Error(error, this.url, `compare ${key}`);
    }
  }

  #getObject(key: string) {
    const input = { Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' } as const;
    return this.#client.send(new GetObjectCommand(input));
  }

  /** The SDK repeats a request, but not a body that breaks off half-way. */
  async #read<T>(key: string, deed: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await deed();
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return undefined;
        if (attempt === MAX_ATTEMPTS || statusOf(error) !== undefined || !isTransient(error))
          throw s3Error(error, this.url, `read ${key}`);
        await this.#wait(waitBefore(attempt));
      }
    }
  }
}

const sha256Of = (body: Uint8Array | FileBody): string =>
  body instanceof Uint8Array
    ? createHash('sha256').update(body).digest('base64')
    : Buffer.from(body.sha256, 'hex').toString('base64');

/** Doubling with full jitter, so that racing writers part. */
const waitBefore = (attempt: number): number => Math.random() * FIRST_WAIT_MS * 2 ** attempt;
