import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ExportPlace } from '../http/ports.ts';
import { s3Error } from './s3-error.ts';

/** Long enough to follow a link, too short to pass it on. */
const LINK_SECONDS = 15 * 60;

/**
 * A bucket for exports, apart from the archive: each is put under a name that nobody can guess, and fetched by a link that is valid for 15 minutes. The bucket's own rules remove them.
 *
 * Throws ArchiveError STORE_….
 */
export const s3Exports = (
  client: S3Client,
  bucket: string,
  now: () => Date = () => new Date(),
): ExportPlace => ({
  async publish({ file, bytes }, name, contentType, signal) {
    const Key = `exports/${randomUUID()}/${name}`;
    const disposition = `attachment; filename="${name}"`;
    await client
      .send(
        new PutObjectCommand({
          Bucket: bucket,
          Key,
          Body: createReadStream(file),
          ContentLength: bytes,
          ContentType: contentType,
          ContentDisposition: disposition,
        }),
        { ...(signal && { abortSignal: signal }) },
      )
      .catch((error) => Promise.reject(s3Error(error, `s3://${bucket}`, 'store an export')));
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key }), {
      expiresIn: LINK_SECONDS,
    });
    return { url, expiresAt: new Date(now().getTime() + LINK_SECONDS * 1000) };
  },
});
