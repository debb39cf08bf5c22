import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ArchiveError } from '../domain/errors.ts';

/**
 * Write the object to `<directory>/<key>`, whole and verified, or not at all.
 *
 * The key's own path is kept, so that parts of different days, all called `part-0000.parquet`, never meet.
 *
 * @returns the path of the copy
 */
export async function downloadObject(
  object: GetObjectCommandOutput,
  key: string,
  directory: string,
): Promise<string> {
  const path = join(directory, key);
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeVerified(object, key, partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw localError(error, directory);
  }
  return path;
}

async function writeVerified(
  object: GetObjectCommandOutput,
  key: string,
  path: string,
): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured() {
    for await (const chunk of object.Body as Readable) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(measured());
  } finally {
    await file.close();
  }
  if (object.ContentLength !== undefined && bytes !== object.ContentLength)
    throw brokenOff(`${key}: ${bytes} of ${object.ContentLength} bytes came`);
  // An object of several parts carries the checksum of its parts' checksums, with their number: nothing to compare with.
  const stored = object.ChecksumSHA256;
  if (stored !== undefined && !stored.includes('-') && hash.digest('base64') !== stored)
    throw new ArchiveError(
      'STORE_UNAVAILABLE',
      `${key} came with other bytes than its SHA-256 in the store says`,
    );
}

/** Counts as a broken connection, which is what it is: worth another attempt. */
const brokenOff = (message: string): Error =>
  Object.assign(new Error(message), { code: 'ECONNRESET' });

const LOCAL: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
]);

function localError(error: unknown, directory: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ArchiveError(
      'STORE_FULL',
      `no space left in ${directory} for a copy (${code}); free space, or set TMPDIR to a larger folder`,
      { cause: error },
    );
  if (LOCAL.has(code ?? ''))
    return new ArchiveError('STORE_DENIED', `cannot write a copy to ${directory}: ${message}`, {
      cause: error,
    });
  return error;
}
