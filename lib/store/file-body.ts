import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ArchiveError } from '../domain/errors.ts';
import type { FileBody } from '../domain/object-store.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * The bytes of a file body, read once from start to end.
 *
 * The last chunk is held back until length and SHA-256 are known to be right. So whoever passes the chunks on never
 * completes a body that differs, even where the receiver checks nothing.
 *
 * @throws ArchiveError STORE_BODY_INVALID when the file is gone, shorter, longer or other than declared
 */
export async function* readFileBody(body: FileBody): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  let held: Uint8Array | undefined;
  try {
    for await (const chunk of createReadStream(body.file, { highWaterMark: CHUNK_BYTES })) {
      bytes += chunk.byteLength;
      if (bytes > body.bytes) break;
      if (held !== undefined) yield held;
      held = chunk as Uint8Array;
      hash.update(held);
    }
  } catch (error) {
    throw new ArchiveError(
      'STORE_BODY_INVALID',
      `cannot read ${body.file}, which was to be stored: ${error instanceof Error ? error.message : error}; nothing was stored`,
      { cause: error },
    );
  }
  if (bytes !== body.bytes)
    throw differs(body, `it has ${bytes > body.bytes ? 'more' : 'fewer'} than ${body.bytes} bytes`);
  if (hash.digest('hex') !== body.sha256) throw differs(body, `its SHA-256 is not ${body.sha256}`);
  if (held !== undefined) yield held;
}

const differs = (body: FileBody, how: string): ArchiveError =>
  new ArchiveError(
    'STORE_BODY_INVALID',
    `${body.file} changed before it was stored: ${how}; nothing was stored`,
  );
