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

/** Which part each manifest of a day names, by revision; undefined: none. */
export type PartNames = ReadonlyMap<number, number | undefined>;

/** A part that no manifest names: a run stored it and died, or another run stored the manifest of its number first. */
export interface Orphan {
  readonly part: number;
  /** The manifest that is to name it: that of its own number, or, when that is taken, the lowest free one. */
  readonly manifest: number;
}

/** Ascending by manifest, which is the order in which they are to be adopted: each counts the parts before it, and a number that is taken after all tells that the listing is old. */
export function orphansOf(stored: StoredDay, names: PartNames): Orphan[] {
  const named = new Set(names.values());
  const taken = new Set([...stored.parts, ...stored.manifests]);
  const nextFree = (): number => {
    let free = 0;
    while (taken.has(free)) free += 1;
    taken.add(free);
    return free;
  };
  return stored.parts
    .filter((part) => !named.has(part))
    .map((part) => ({ part, manifest: stored.manifests.includes(part) ? nextFree() : part }))
    .sort((one, other) => one.manifest - other.manifest);
}

/**
 * Which part each manifest of a day names.
 *
 * A manifest names the part of its own number. There is one exception, which no listing shows: of a day that is empty for one run and not for the other, one may store manifest 0 without a part and the other part 0; a later manifest adopts it.
 * So manifests are read only where that may be: all of them when a part has no manifest of its number, manifest 0 alone when each has. One that cannot be read is taken to name its own; `verify` will name it.
 *
 * @param known - a manifest of the day that was read already
 */
export async function readPartNames(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
  stored: StoredDay,
  known?: Manifest,
): Promise<PartNames> {
  const { parts, manifests } = stored;
  const ofItsNumber = (revision: number) => (parts.includes(revision) ? revision : undefined);
  const names = new Map(manifests.map((revision) => [revision, ofItsNumber(revision)]));
  const isMatched = parts.every((revision) => manifests.includes(revision));
  // Each manifest but one without a part names another part: of fewer parts than manifests none is left over.
  if (parts.length === 0 || (isMatched && parts.length < manifests.length)) return names;
  for (const revision of isMatched ? manifests.slice(0, 1) : manifests) {
    const manifest =
      known?.revision === revision
        ? known
        : await readManifest(store, foundation, day, revision).catch(passOverInvalid);
    if (manifest) names.set(revision, revisionOfPart(manifest));
  }
  return names;
}

/**
 * See that the part of every manifest is there. Stored anew, its events would be in the archive twice as soon as somebody restores it.
 *
 * @param names - as `readPartNames` gives them
 * @param known - a manifest of the day that was read already
 * @throws ArchiveError PART_INVALID naming the part that is not
 */
export async function checkNamedParts(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
  { stored, names, known }: { stored: StoredDay; names: PartNames; known: Manifest | undefined },
): Promise<void> {
  for (const [revision, name] of names) {
    if (name !== undefined && stored.parts.includes(name)) continue;
    const manifest =
      known?.revision === revision ? known : await readManifest(store, foundation, day, revision);
    const part = revisionOfPart(manifest);
    if (part === undefined || stored.parts.includes(part)) continue;
    throw new ArchiveError(
      'PART_INVALID',
      `${partKey(foundation, day, part)} is not there, and ${manifestKey(foundation, day, revision)} names it: restore it, from its versions or from a copy; verify names everything that is missing`,
    );
  }
}

function passOverInvalid(error: unknown): undefined {
  if (!(error instanceof ArchiveError) || error.code !== 'MANIFEST_INVALID') throw error;
}

const revisionOfPart = ({ part }: Manifest): number | undefined =>
  part === null ? undefined : parseRevisionKey(part.key)?.revision;

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
