import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openObjectStore } from '../../lib/store/open-object-store.ts';
import { createS3Client } from '../../lib/store/s3-client.ts';

describe('openObjectStore', () => {
  it.each([
    ['file:/var/lib/archive', 'file:/var/lib/archive'],
    ['file:///var/lib/archive/', 'file:/var/lib/archive'],
    ['file:./archive', `file:${join(process.cwd(), 'archive')}`],
    ['s3://audit-archive', 's3://audit-archive'],
  ])('opens %s as %s', async (written, url) => {
    expect((await openObjectStore(written, {})).url).toBe(url);
  });

  it.each([
    [
      's3://audit-archive/prefix',
      'archive: an archive is a whole bucket, without a path; write s3://audit-archive',
    ],
    [
      'https://audit-archive.s3.amazonaws.com',
      'archive: "https://audit-archive.s3.amazonaws.com" is not the place of an archive; write file:PATH or s3://BUCKET',
    ],
    ['file:', 'archive: file: has no path; write file:PATH'],
  ])('refuses %s', async (url, message) => {
    await expect(openObjectStore(url, {})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message,
    });
  });
});

describe('createS3Client', () => {
  it.each([
    [{}, false],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' }, true],
    [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' }, true],
  ])('with %j addresses buckets by path: %p', (environment, byPath) => {
    expect(createS3Client(environment).config.forcePathStyle).toBe(byPath);
  });
});
