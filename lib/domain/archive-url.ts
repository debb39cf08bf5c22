/** Where an archive is, taken apart; `invalid` says what is wrong with the text and how to write it. */
export type ArchiveLocation =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'bucket'; readonly bucket: string }
  | { readonly kind: 'invalid'; readonly problem: string };

const FORMS = 'write file:PATH or s3://BUCKET';

/**
 * Take apart the `archive` of the configuration: `file:PATH` or `s3://BUCKET`.
 *
 * PATH is taken as it stands, without percent-decoding, and may be relative: what it is relative to is the caller's to know.
 * `file:///var/lib/archive` is the same as `file:/var/lib/archive`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function parseArchiveUrl(text: string): ArchiveLocation {
  if (text.startsWith('file:')) return parseFolder(text.slice('file:'.length));
  if (text.startsWith('s3://')) return parseBucket(text.slice('s3://'.length));
  return { kind: 'invalid', problem: `"${text}" is not the place of an archive; ${FORMS}` };
}

function parseFolder(written: string): ArchiveLocation {
  if (written.startsWith('//') && !written.startsWith('///'))
    return {
      kind: 'invalid',
      problem: 'file:// names a host; write file:PATH with a local folder',
    };
  const path = written.startsWith('///') ? written.slice(2) : written;
  if (path === '') return { kind: 'invalid', problem: 'file: has no path; write file:PATH' };
  if (path.includes('\0')) return { kind: 'invalid', problem: 'the path holds a NUL character' };
  if (path.startsWith('~'))
    return {
      kind: 'invalid',
      problem: '~ is not expanded; write the path of the home folder in full',
    };
  return { kind: 'folder', path };
}

function parseBucket(written: string): ArchiveLocation {
  const bucket = written.replace(/\/$/, '');
  if (bucket.includes('/'))
    return {
      kind: 'invalid',
      problem: `an archive is a whole bucket, without a path; write s3://${bucket.slice(0, bucket.indexOf('/'))}`,
    };
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return {
      kind: 'invalid',
      problem: `"${bucket}" is not the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens)`,
    };
  return { kind: 'bucket', bucket };
}
