import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { s3Exports } from '../../lib/store/s3-exports.ts';

const NOW = new Date('2026-03-12T06:00:00Z');

describe('s3Exports', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 's3-exports-'));
    s3.reset();
  });
  afterEach(() => rm(directory, { recursive: true }));

  const client = new S3Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const s3 = mockClient(client);

  async function publish(signal?: AbortSignal) {
    const file = join(directory, 'x');
    await writeFile(file, 'guid\r\n');
    const made = { file, bytes: 6, remove: async () => undefined };
    const exports = s3Exports(client, 'audit-exports', () => NOW);
    return exports.publish(made, 'events.csv', 'text/csv', signal);
  }

  it('puts the file under a name that nobody can guess, and signs a link of 15 minutes', async () => {
    s3.on(PutObjectCommand).resolves({});

    const first = await publish();
    const second = await publish();

    const [{ input } = { input: undefined }] = s3
      .commandCalls(PutObjectCommand)
      .map(({ args }) => args[0]);
    expect(input).toMatchObject({
      Bucket: 'audit-exports',
      Key: expect.stringMatching(/^exports\/[0-9a-f-]{36}\/events\.csv$/),
      ContentLength: 6,
      ContentType: 'text/csv',
      ContentDisposition: 'attachment; filename="events.csv"',
    });
    const url = new URL(first.url);
    expect(url.pathname).toContain(input?.Key);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(first.expiresAt).toEqual(new Date('2026-03-12T06:15:00Z'));
    expect(new URL(second.url).pathname).not.toBe(url.pathname);
  });

  it('is ended by a signal', async () => {
    s3.on(PutObjectCommand).resolves({});
    const { signal } = new AbortController();

    await publish(signal);

    const [call] = s3.commandCalls(PutObjectCommand);
    expect(call?.args.slice(1)).toEqual([{ abortSignal: signal }]);
  });

  it('says in our words that it cannot be stored', async () => {
    s3.on(PutObjectCommand).rejects(
      Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
    );

    await expect(publish()).rejects.toMatchObject({
      code: 'STORE_DENIED',
      message: expect.stringContaining('s3://audit-exports'),
    });
  });
});
