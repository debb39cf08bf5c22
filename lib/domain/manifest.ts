import { z } from 'zod';
import { daySchema } from './day.ts';
import { foundationNameSchema } from './foundation.ts';

export const MANIFEST_FORMAT = 'cf-audit-archive/manifest/v1';

/**
 * What a revision of a day is.
 *
 * `closed`: the whole day as first read. `partial`: what was left of a day that began before the oldest instant the source still kept. `empty`: a whole day without events.
 * `supplement`: events that became visible later. `adopted`: a part that no manifest named (its run died, or another run stored the manifest of its number first), described afterwards from the file alone.
 */
export const manifestStatusSchema = z.enum(['closed', 'partial', 'empty', 'supplement', 'adopted']);
export type ManifestStatus = z.infer<typeof manifestStatusSchema>;

const instantText = z.iso.datetime();
const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Counts by any text. Not `z.record`, which drops the key `__proto__`: an event may be of that type. */
const countsSchema = z.custom<Readonly<Record<string, number>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => count.safeParse(each).success),
  'must be counts by type',
);

/** One request of the read: its half-open window, what Cloud Controller counted in it, and how many of its rows were kept. */
export const manifestRequestSchema = z.object({
  from: instantText,
  to: instantText,
  page: z.int().positive(),
  total_results: count,
  rows_kept: count,
});

/**
 * `manifests/v1/foundation=<f>/dt=<day>/r<rrrr>.json`: what a part is and how it was read. Instants are UTC.
 *
 * `events` counts this revision's rows; `cumulative` counts the day with all revisions up to this one. `part` is null when the revision added no rows (an empty or partial day without events).
 * It is the part of the manifest's own revision; only an `adopted` one may name an earlier part, which the manifest of that part's number does not name.
 */
export const manifestSchema = z.object({
  format: z.literal(MANIFEST_FORMAT),
  foundation: foundationNameSchema,
  api: z.url(),
  dt: daySchema,
  revision: count,
  status: manifestStatusSchema,
  window: z.object({ from: instantText, to: instantText }),
  requests: z.array(manifestRequestSchema),
  events: count,
  events_by_type: countsSchema,
  /** Rows whose displayed `created_at` lies outside the day by which the source filters. */
  misplaced: count,
  /** Rows that keep their exact bytes in `extra._raw`, because columns cannot hold them. */
  unrepresentable: count,
  part: z
    .object({
      key: z.string(),
      bytes: count,
      sha256,
      rows: count,
      min_created_at: instantText.nullable(),
      max_created_at: instantText.nullable(),
    })
    .nullable(),
  cumulative: z.object({ events: count, guid_digest: sha256 }),
  settle_seconds: count,
  tool: z.string(),
  started_at: instantText,
  finished_at: instantText,
});
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestRequest = z.infer<typeof manifestRequestSchema>;

/** The manifest's exact bytes: indented JSON, so that a person can read it with nothing but a pager. */
export const manifestBytes = (manifest: Manifest): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
