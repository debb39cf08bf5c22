import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ArchiveError } from './errors.ts';
import { type EventQuery, queryFingerprint } from './event-query.ts';
import { option, worded } from './wording.ts';

/** The last row of a page; the next page begins behind it. */
export interface Position {
  readonly createdAt: Date;
  readonly guid: string;
}

const payloadSchema = z.object({
  v: z.literal(1),
  /** Fingerprint of the question, and of who asks it. */
  q: z.string(),
  /** Half-open range of the question, and the position, in milliseconds. */
  f: z.int(),
  t: z.int(),
  c: z.int(),
  g: z.string(),
});

const refused = (why: string): ArchiveError =>
  new ArchiveError('CURSOR_INVALID', [worded`${option('cursor')}: ${why}; ask again without it`]);

const signatureOf = (payload: string, key: Uint8Array): Buffer =>
  createHmac('sha256', key).update(`cf-audit-archive/cursor/v1\n${payload}`).digest();

/** What a cursor is bound to. Not to what its subject may see: that may change between two pages, and every page is asked with what holds then. */
const boundTo = (query: EventQuery, subject: string | undefined): string =>
  subject === undefined
    ? queryFingerprint(query)
    : createHash('sha256')
        .update(JSON.stringify([subject, queryFingerprint(query)]))
        .digest('hex');

/**
 * A text for the caller to give back: base64url of position, range and question, and HMAC-SHA-256 over them. Opaque: its form may change.
 *
 * @param subject - who asks; undefined where there is only one
 */
export function writeCursor(
  query: EventQuery,
  position: Position,
  key: Uint8Array,
  subject?: string,
): string {
  const payload = Buffer.from(
    JSON.stringify({
      v: 1,
      q: boundTo(query, subject),
      f: query.from.getTime(),
      t: query.to.getTime(),
      c: position.createdAt.getTime(),
      g: position.guid,
    } satisfies z.infer<typeof payloadSchema>),
  ).toString('base64url');
  return `${payload}.${signatureOf(payload, key).toString('base64url')}`;
}

/**
 * The question of the first page with its range, and where its next page begins.
 *
 * @throws ArchiveError CURSOR_INVALID when the cursor is not ours, was changed, or belongs to another question or subject
 */
export function readCursor(
  cursor: string,
  query: EventQuery,
  key: Uint8Array,
  subject?: string,
): { query: EventQuery; after: Position } {
  const [payload = '', signature = '', ...rest] = cursor.split('.');
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(payload, key);
  // Compared as text, too: base64url has several spellings of the same bytes.
  const same =
    rest.length === 0 &&
    given.length === right.length &&
    timingSafeEqual(given, right) &&
    signature === right.toString('base64url');
  if (!same) throw refused('it is not one of this archive, or was changed');
  const { q, f, t, c, g } = payloadSchema.parse(
    JSON.parse(Buffer.from(payload, 'base64url').toString()),
  );
  if (q !== boundTo(query, subject)) throw refused('it belongs to another question');
  return {
    query: { ...query, from: new Date(f), to: new Date(t) },
    after: { createdAt: new Date(c), guid: g },
  };
}
