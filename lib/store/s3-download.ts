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
  const body = object.Body as Readable;
  // It may break off before the file is open. The reading meets that error, too; unheard it would end the process.
  body.once('error', () => undefined);
  const path = join(directory, key);
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const written = await writeBody(body, partial);
    assertWhole(object, written);
    await rename(partial, path);
  } catch (error) {
    body.destroy();
    await rm(partial, { force: true }).catch(() => undefined);
    throw localError(error, directory);
  }
  return path;
}

interface Written {
  readonly bytes: number;
  /** Base64, as S3 writes it. */
  readonly sha256: string;
}

async function writeBody(body: Readable, path: string): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured() {
    for await (const chunk of body) {
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
  return { bytes, sha256: hash.digest('base64') };
}

/** Throws plain errors, which count as a broken connection: worth another attempt. */
function assertWhole(object: GetObjectCommandOutput, written: Written): void {
  const { ContentLength: bytes, ChecksumSHA256: sha256 } = object;
  if (bytes !== undefined && written.bytes !== bytes)
    throw new Error(`${written.bytes} of ${bytes} bytes came`);
  // An object of several parts carries the checksum of its parts' checksums, with their number: nothing to compare with.
  if (sha256 !== undefined && !sha256.includes('-') && written.sha256 !== sha256)
    throw new Error(`bytes came whose SHA-256 is ${written.sha256}, not ${sha256}`);
}

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
