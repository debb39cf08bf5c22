import type { Day } from '../domain/day.ts';
import { monthsFrom } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { type Manifest, manifestSchema } from '../domain/manifest.ts';
import {
  eventsPrefix,
  manifestKey,
  manifestsPrefix,
  parseRevisionKey,
  partKey,
} from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';

/** What a listing shows of one day: revision numbers, ascending. */
export interface StoredDay {
  readonly parts: readonly number[];
  readonly manifests: readonly number[];
}

export const NOTHING_STORED: StoredDay = { parts: [], manifests: [] };

/** Parts without a manifest: a run stored them and died. */
export const orphansOf = (stored: StoredDay): number[] =>
  stored.parts.filter((revision) => !stored.manifests.includes(revision));

/** One more than the highest revision that a part or manifest carries. */
export const nextRevision = (stored: StoredDay): number =>
  Math.max(-1, ...stored.parts, ...stored.manifests) + 1;

async function listRevisions(
  store: ObjectStore,
  prefixes: readonly string[],
): Promise<Map<Day, { parts: number[]; manifests: number[] }>> {
  const days = new Map<Day, { parts: number[]; manifests: number[] }>();
  for (const prefix of prefixes) {
    for await (const { key } of store.list(prefix)) {
      const revision = parseRevisionKey(key);
      if (!revision) continue;
      const stored = days.get(revision.day) ?? { parts: [], manifests: [] };
      (revision.kind === 'part' ? stored.parts : stored.manifests).push(revision.revision);
      days.set(revision.day, stored);
    }
  }
  for (const stored of days.values()) {
    stored.parts.sort((a, b) => a - b);
    stored.manifests.sort((a, b) => a - b);
  }
  return days;
}

/**
 * What the archive holds of one day now. The manifests are listed first, so that the part of every manifest seen is seen, too: were it overlooked, its events would be stored again under the next revision.
 * A part seen without its manifest is an orphan, or of a run that is storing it just now; adopting that one is a conflict at worst.
 */
export async function listStoredDay(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
): Promise<StoredDay> {
  const days = await listRevisions(store, [
    `${manifestsPrefix(foundation)}dt=${day}/`,
    `${eventsPrefix(foundation)}dt=${day}/`,
  ]);
  return days.get(day) ?? NOTHING_STORED;
}

/** What the archive holds of the days from `first` to `last`, both included, in a few listings however many days they are. */
export async function listStoredDays(
  store: ObjectStore,
  foundation: FoundationName,
  first: Day,
  last: Day,
): Promise<ReadonlyMap<Day, StoredDay>> {
  const months = monthsFrom(first, last);
  return listRevisions(store, [
    ...months.map((month) => `${manifestsPrefix(foundation)}dt=${month}-`),
    ...months.map((month) => `${eventsPrefix(foundation)}dt=${month}-`),
  ]);
}

/** @throws ArchiveError MANIFEST_INVALID naming the object when it is absent or not what it should be */
export async function readManifest(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
  revision: number,
): Promise<Manifest> {
  const key = manifestKey(foundation, day, revision);
  const bytes = await store.get(key);
  if (!bytes) throw new ArchiveError('MANIFEST_INVALID', `${key} is listed but not there`);
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new ArchiveError('MANIFEST_INVALID', `${key} is no manifest of this program`, { cause });
  }
}

/** Local copies of stored parts, in the order of their revisions. */
export async function copyParts(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
  revisions: readonly number[],
  directory: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const revision of revisions) {
    const key = partKey(foundation, day, revision);
    const file = await store.localCopy(key, directory);
    if (file === undefined) {
      throw new ArchiveError('PART_INVALID', `${key} is listed but not there`);
    }
    files.push(file);
  }
  return files;
}
