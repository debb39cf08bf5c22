import type { z } from 'zod';
import { type ArchiveKey, parseArchiveKey } from '../domain/archive-key.ts';
import { DAY_MS, dayOf, startOf, windowOf } from '../domain/day.ts';
import { type Digest, digestSchema } from '../domain/digest.ts';
import { type Manifest, manifestSchema } from '../domain/manifest.ts';
import { parseRevisionKey } from '../domain/object-keys.ts';
import { type RunReport, runReportSchema } from '../domain/run-report.ts';

/** A document as its key and its own rules want it, or what is wrong with it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** No run looks back farther; a row beyond would make every later coverage table longer. */
const MAX_DAYS_BACK = 3_700;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function read<T>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  contradiction: (value: T) => string | undefined,
): Read<T> {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(bytes));
  } catch {
    return { ok: false, problem: 'it is not JSON' };
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, problem: `${issue?.path.join('.') || 'it'}: ${issue?.message}` };
  }
  const problem = contradiction(parsed.data);
  return problem === undefined ? { ok: true, value: parsed.data } : { ok: false, problem };
}

export const readManifestDocument = (key: string, bytes: Uint8Array): Read<Manifest> =>
  read(bytes, manifestSchema, (manifest) => manifestContradiction(key, manifest));

function manifestContradiction(key: string, manifest: Manifest): string | undefined {
  const place = parseArchiveKey(key);
  const { foundation, dt, revision, status, events, part, cumulative } = manifest;
  if (
    place?.kind !== 'manifest' ||
    place.foundation !== foundation ||
    place.day !== dt ||
    place.revision !== revision
  ) {
    return `it says it is revision ${revision} of ${foundation} ${dt}`;
  }
  const day = windowOf(dt);
  if (
    Date.parse(manifest.window.from) !== day.from.getTime() ||
    Date.parse(manifest.window.to) !== day.to.getTime()
  ) {
    return 'its window is not its day';
  }
  if ((part === null) !== (events === 0)) return 'it has events and no part, or the reverse';
  if (part !== null && !mayName(manifest, part.key)) return `it describes ${part.key}`;
  if (part !== null && part.rows !== events) return 'its events are not the rows of its part';
  const typed = Object.values(manifest.events_by_type).reduce((sum, count) => sum + count, 0);
  if (typed !== events) return 'its events by type do not add up';
  if (revision === 0 && cumulative.events !== events) return 'its cumulative count does not add up';
  if (revision === 0 ? status === 'supplement' : status !== 'supplement' && status !== 'adopted') {
    return `revision ${revision} cannot be "${status}"`;
  }
  if (status === 'empty' && events > 0) return 'it is "empty" and has events';
  return undefined;
}

/** The part of its own number; an adopted one may name an earlier part of the day, when no other manifest does: that is for whoever sees them all. */
function mayName({ foundation, dt, revision, status }: Manifest, key: string): boolean {
  const part = parseRevisionKey(key);
  return (
    part?.kind === 'part' &&
    part.foundation === foundation &&
    part.day === dt &&
    (part.revision === revision || (status === 'adopted' && part.revision < revision))
  );
}

export const readRunDocument = (key: string, bytes: Uint8Array): Read<RunReport> =>
  read(bytes, runReportSchema, (run) => runContradiction(key, run));

function runContradiction(key: string, run: RunReport): string | undefined {
  const place = parseArchiveKey(key);
  const started = new Date(run.started_at);
  if (
    place?.kind !== 'run' ||
    place.foundation !== run.foundation ||
    place.startedAt.getTime() !== started.getTime()
  ) {
    return `it says it is a run of ${run.foundation} begun ${run.started_at}`;
  }
  const first = dayOf(new Date(startOf(place.day).getTime() - MAX_DAYS_BACK * DAY_MS));
  const last = dayOf(new Date(Math.max(Date.parse(run.finished_at), started.getTime())));
  const stray = [...run.days, ...run.losses].find(({ dt }) => dt < first || dt > last);
  return stray && `it cannot know of ${stray.dt}`;
}

/** What links name; parts of events are named by manifests. */
export const isNamedKind = (kind: ArchiveKey['kind']): boolean =>
  kind === 'manifest' || kind === 'run' || kind === 'question' || kind === 'question-day';

export const readDigestDocument = (key: string, bytes: Uint8Array): Read<Digest> =>
  read(bytes, digestSchema, (digest) => digestContradiction(key, digest));

function digestContradiction(key: string, digest: Digest): string | undefined {
  const place = parseArchiveKey(key);
  if (
    place?.kind !== 'digest' ||
    place.foundation !== digest.foundation ||
    place.day !== digest.day
  ) {
    return `it says it is the digest of ${digest.foundation} for ${digest.day}`;
  }
  if (dayOf(new Date(digest.signed_at)) !== digest.day) {
    return `it was made on another day: ${digest.signed_at}`;
  }
  if (digest.previous !== null) {
    const previous = parseArchiveKey(digest.previous.key);
    if (previous?.kind !== 'digest' || previous.foundation !== digest.foundation) {
      return `the digest before it cannot be ${digest.previous.key}`;
    }
    if (previous.day >= digest.day) return `the digest before it is not older: ${previous.day}`;
  }
  const foreign = digest.objects.find(({ key: named }) => {
    const object = parseArchiveKey(named);
    return object?.foundation !== digest.foundation || !isNamedKind(object.kind);
  });
  if (foreign)
    return `it names ${foreign.key}, which is neither a manifest, a run report nor of the query log of it`;
  if (digest.objects.some(({ key: named }, i) => named <= (digest.objects[i - 1]?.key ?? ''))) {
    return 'its objects are not in ascending order';
  }
  return undefined;
}
