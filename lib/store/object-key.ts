import { ArchiveError } from '../domain/errors.ts';

/**
 * Refuse a key that is not plain segments joined by `/`.
 *
 * Both stores refuse the same keys, so that a bucket can always be copied into a folder: nothing that climbs out of it
 * (`..`, absolute, backslash), and no hidden segment, because a folder keeps its half-written files under such names.
 */
export function assertObjectKey(key: string): void {
  if (!key.split('/').every(isSegment)) throw refusal('key', key);
}

/** Refuse a prefix that no valid key can start with. The last segment may be cut anywhere, or be empty. */
export function assertKeyPrefix(prefix: string): void {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  if (!segments.every(isSegment) || (last !== '' && !isSegment(last)))
    throw refusal('prefix', prefix);
}

// `.` and `..` start with a dot, too.
const isSegment = (segment: string): boolean =>
  segment !== '' && !segment.startsWith('.') && !segment.includes('\\') && !segment.includes('\0');

const refusal = (what: string, text: string): ArchiveError =>
  new ArchiveError(
    'STORE_DENIED',
    `${JSON.stringify(text)} is not a ${what} of an archive: segments joined by "/", none empty, none starting with ".", no backslash, no NUL`,
  );
