import { createHash } from 'node:crypto';
import { z } from 'zod';
import { daySchema } from './day.ts';
import { foundationNameSchema } from './foundation.ts';
import { manifestStatusSchema } from './manifest.ts';
import { lossSchema } from './run-report.ts';

export const DIGEST_FORMAT = 'cf-audit-archive/digest/v1';

const instantText = z.iso.datetime();
const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An object and the lower-case hex SHA-256 of its exact bytes. */
export const namedObjectSchema = z.object({ key: z.string(), sha256 });
export type NamedObject = z.infer<typeof namedObjectSchema>;

/** What the chain says of one day, up to and including the digest in which the row stands. */
export const digestDaySchema = z.object({
  dt: daySchema,
  /** Status of revision 0; null while the day has no manifest. */
  status: manifestStatusSchema.nullable(),
  /** Manifests of the day: revisions 0 to this number, exclusive. */
  revisions: count,
  /** Events of the day with all its revisions. */
  events: count,
  /** The last time the source counted the day; null when no run has asked it. The next two are of that count. */
  counted_at: instantText.nullable(),
  at_source: count.nullable(),
  deleted_at_source: count,
  /** In the order in which runs reported them. */
  losses: z.array(lossSchema),
});
export type DigestDay = z.infer<typeof digestDaySchema>;

/**
 * `digests/v1/foundation=<f>/<day>.json`: one link of a foundation's chain, for one calendar day, also a quiet one. Instants are UTC.
 *
 * It vouches for manifests and run reports by their SHA-256; manifests vouch for parts. The rules are written out in `docs/verify.md`.
 */
export const digestSchema = z.object({
  format: z.literal(DIGEST_FORMAT),
  foundation: foundationNameSchema,
  /** UTC day of `signed_at`. */
  day: daySchema,
  tool: z.string(),
  /** When the digest was made, taken before the archive was listed for it. */
  signed_at: instantText,
  /** The link before this one; null for the first. */
  previous: namedObjectSchema.nullable(),
  /** Manifests and run reports that no earlier link names, ascending by key in byte order. */
  objects: z.array(namedObjectSchema),
  /** Every calendar day that any named manifest or run report knows, ascending, gap-free. */
  days: z.array(digestDaySchema),
});
export type Digest = z.infer<typeof digestSchema>;

const lines = (items: readonly unknown[]): string =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;

/** The digest's exact bytes: JSON with a line for each object and each day, so that two of them can be compared with `diff`. */
export const digestBytes = ({ objects, days, ...head }: Digest): Uint8Array =>
  new TextEncoder().encode(
    `${JSON.stringify(head, null, 0).slice(0, -1)},\n"objects":${lines(objects)},\n"days":${lines(days)}}\n`,
  );

/** Lower-case hex. */
export const sha256Hex = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
