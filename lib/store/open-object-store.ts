import { parseArchiveUrl } from '../domain/archive-url.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { FolderObjectStore } from './folder-object-store.ts';

/**
 * The store behind an archive's place, without touching it yet.
 *
 * @param url - `file:PATH` (relative to the working directory when not absolute) or `s3://BUCKET`
 * @param environment - the process's, for the endpoint of S3
 * @throws ArchiveError CONFIG_INVALID
 */
export async function openObjectStore(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ObjectStore> {
  const location = parseArchiveUrl(url);
  switch (location.kind) {
    case 'folder':
      return new FolderObjectStore(location.path);
    case 'bucket':
      return openBucket(location.bucket, environment);
    case 'invalid':
      throw new ArchiveError('CONFIG_INVALID', `archive: ${location.problem}`);
  }
}

/** Loaded when it is asked: the SDK takes longer to load than many a question to a folder. */
async function openBucket(
  bucket: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ObjectStore> {
  const [{ createS3Client }, { S3ObjectStore }] = await Promise.all([
    import('./s3-client.ts'),
    import('./s3-object-store.ts'),
  ]);
  return new S3ObjectStore(createS3Client(environment), bucket);
}
