import { parseArchiveUrl } from '../domain/archive-url.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { FolderObjectStore } from './folder-object-store.ts';
import { createS3Client } from './s3-client.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/**
 * The store behind an archive's place, without touching it yet.
 *
 * @param url - `file:PATH` (relative to the working directory when not absolute) or `s3://BUCKET`
 * @param environment - the process's, for the endpoint of S3
 * @throws ArchiveError CONFIG_INVALID
 */
export function openObjectStore(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): ObjectStore {
  const location = parseArchiveUrl(url);
  switch (location.kind) {
    case 'folder':
      return new FolderObjectStore(location.path);
    case 'bucket':
      return new S3ObjectStore(createS3Client(environment), location.bucket);
    case 'invalid':
      throw new ArchiveError('CONFIG_INVALID', `archive: ${location.problem}`);
  }
}
