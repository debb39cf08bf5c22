import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Day } from '../domain/day.ts';
import { type DigestDay, sha256Hex } from '../domain/digest.ts';
import type { Manifest } from '../domain/manifest.ts';
import { eventsPrefix, manifestKey, manifestsPrefix, runsPrefix } from '../domain/object-keys.ts';
import type { StoredObject } from '../domain/object-store.ts';
import { checkOrphan } from './check-orphan.ts';
import { type CheckedPart, checkPart, checkPartsTogether } from './check-part.ts';
import { checkQuestions, type QuestionsContext } from './check-questions.ts';
import { checkUnnamed } from './check-unnamed.ts';
import { readManifestDocument } from './documents.ts';
import type { FindingKind } from './finding.ts';
import type { PartReader } from './ports.ts';

export interface DayContext extends QuestionsContext {
  readonly parts: PartReader;
  /** A folder for copies of parts. */
  readonly workDirectory: string;
  readonly onRows: (rows: number) => void;
}

/** One day: what is listed of it, against what trusted links say. */
export interface DayToCheck {
  readonly dt: Day;
  /** Objects of the day that trusted links name, with their SHA-256. */
  readonly named: ReadonlyMap<string, string>;
  /** The day's row in the newest trusted coverage table; undefined when it has none. */
  readonly counted: DigestDay | undefined;
}

/** Check one day down to its rows. That a named object is missing or altered is not said here: whoever checks the link says it. */
export async function checkDay(context: DayContext, day: DayToCheck): Promise<void> {
  const { dt } = day;
  // Manifests first: a part is stored before its manifest, so the part of every manifest that is listed is listed, too, while an archive is being written.
  const manifests = await list(context, `${manifestsPrefix(context.foundation)}dt=${dt}/`);
  const parts = await list(context, `${eventsPrefix(context.foundation)}dt=${dt}/`);
  const runs = await list(context, `${runsPrefix(context.foundation)}dt=${dt}/`);

  for (const key of [...manifests.keys(), ...runs.keys()]) {
    if (!day.named.has(key)) await checkUnnamed(context, key);
  }
  const directory = join(context.workDirectory, `${context.foundation}-${dt}`);
  try {
    await checkRevisions(context, day, parts, manifests, directory);
    await checkQuestions(context, day, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function list(
  { store }: DayContext,
  prefix: string,
): Promise<ReadonlyMap<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for await (const object of store.list(prefix)) {
    // Other names are findings of the census.
    if (parseArchiveKey(object.key) !== undefined) objects.set(object.key, object);
  }
  return objects;
}

async function checkRevisions(
  context: DayContext,
  day: DayToCheck,
  parts: ReadonlyMap<string, StoredObject>,
  manifests: ReadonlyMap<string, StoredObject>,
  directory: string,
): Promise<void> {
  const { foundation, notes } = context;
  const { dt } = day;
  const note = (kind: FindingKind, object: string, meaning: string): void =>
    notes.finding({ kind, foundation, day: dt, object, meaning });
  const described = [...new Set([...day.named.keys(), ...manifests.keys()])]
    .flatMap(revisionOf('manifest'))
    .sort((one, other) => one - other);
  const count = Math.max(day.counted?.revisions ?? 0, (described.at(-1) ?? -1) + 1);
  const checked: CheckedPart[] = [];
  const sound = new Set<number>();
  const named = new Map<string, number>();
  let next = 0;
  let whole = true;
  for (const revision of [...described, count]) {
    if (revision > next) {
      note('missing', manifestKey(foundation, dt, next), missingManifests(day, revision - next));
      whole = false;
    }
    next = revision + 1;
    if (revision === count) break;
    const key = manifestKey(foundation, dt, revision);
    const manifest = await readTrusted(context, day, key);
    if (manifest === undefined) {
      whole = false;
      continue;
    }
    sound.add(revision);
    const part = manifest.part?.key ?? '';
    const earlier = named.get(part);
    if (earlier !== undefined) {
      note('invalid', key, `it describes ${part}, as ${manifestKey(foundation, dt, earlier)} does`);
      whole = false;
      continue;
    }
    if (manifest.part) named.set(part, revision);
    const result = await checkPart(context, manifest, parts.get(part), directory);
    if (result === 'broken') whole = false;
    else if (result !== 'none') checked.push(result);
    if (whole) await checkPartsTogether(context, manifest, checked);
  }
  const unnamed = [...parts.values()].filter(({ key }) => !named.has(key));
  await checkOthers(context, day, unnamed, { sound, count }, checked, directory);
}

/** Parts that no sound manifest names. */
async function checkOthers(
  context: DayContext,
  { dt, named }: DayToCheck,
  parts: readonly StoredObject[],
  { sound, count }: { readonly sound: ReadonlySet<number>; readonly count: number },
  checked: readonly CheckedPart[],
  directory: string,
): Promise<void> {
  const { foundation, notes } = context;
  for (const part of parts) {
    const revision = revisionOf('part')(part.key)[0] ?? 0;
    if (revision >= count) {
      await checkOrphan(context, { dt, part, isNext: revision === count }, checked, directory);
      continue;
    }
    const about = { foundation, day: dt, object: part.key };
    const own = manifestKey(foundation, dt, revision);
    // The manifest of its number, or a later one that adopted it.
    let doubtful = revision;
    while (sound.has(doubtful)) doubtful += 1;
    if (doubtful < count) {
      context.onObject(part.bytes);
      const manifest = manifestKey(foundation, dt, doubtful);
      notes.remark({ ...about, kind: 'unvouched', meaning: `only ${manifest} could vouch for it` });
    } else if (named.has(own)) {
      context.onObject(part.bytes);
      const meaning = `${own}, which is signed, names another part or none, and no later manifest names this one`;
      notes.finding({ ...about, kind: 'extra', meaning });
    } else {
      await checkOrphan(context, { dt, part, isNext: true }, checked, directory);
    }
  }
}

const revisionOf =
  (kind: 'part' | 'manifest') =>
  (key: string): number[] => {
    const place = parseArchiveKey(key);
    return place?.kind === kind && 'revision' in place ? [place.revision] : [];
  };

const missingManifests = ({ counted }: DayToCheck, missing: number): string =>
  `${missing > 1 ? `it and the ${missing - 1} after it are not there` : 'it is not there'}; ${
    counted && counted.revisions > 0
      ? `the coverage table of the newest digest counts ${counted.revisions} revisions`
      : 'a later revision of the day is there'
  }`;

/** A manifest as it was signed, or an unsigned one that is sound in itself. Undefined: it was said elsewhere what is wrong. */
async function readTrusted(
  { store }: Pick<DayContext, 'store'>,
  { named }: Pick<DayToCheck, 'named'>,
  key: string,
): Promise<Manifest | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const sha256 = named.get(key);
  if (sha256 !== undefined && sha256 !== sha256Hex(bytes)) return undefined;
  const read = readManifestDocument(key, bytes);
  return read.ok ? read.value : undefined;
}
