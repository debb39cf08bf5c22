import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Day } from '../domain/day.ts';
import { windowOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Manifest } from '../domain/manifest.ts';
import { manifestKey } from '../domain/object-keys.ts';
import type { ObjectStore, StoredObject } from '../domain/object-store.ts';
import type { FindingKind, Notes } from './finding.ts';
import type { PartFacts, PartReader } from './ports.ts';

export interface PartContext {
  readonly store: ObjectStore;
  readonly foundation: FoundationName;
  readonly parts: PartReader;
  readonly notes: Notes;
  readonly onObject: (bytes: number) => void;
  readonly onRows: (rows: number) => void;
}

/** A part whose bytes are those of its manifest, and what its rows say. */
export interface CheckedPart {
  readonly key: string;
  readonly file: string;
  readonly facts: PartFacts;
}

/**
 * Check a part against its manifest: bytes, SHA-256, and whatever the manifest says of the rows.
 *
 * @param listed - of the key that the manifest names
 * @returns `none`: it names no part; `broken`: what is wrong was noted
 */
export async function checkPart(
  context: PartContext,
  manifest: Manifest,
  listed: StoredObject | undefined,
  directory: string,
): Promise<CheckedPart | 'none' | 'broken'> {
  const { foundation, dt, revision, part } = manifest;
  if (part === null) return 'none';
  const { key } = part;
  const note = (kind: FindingKind, meaning: string): 'broken' => {
    context.notes.finding({ kind, foundation, day: dt, object: key, meaning });
    return 'broken';
  };
  const manifestName = manifestKey(foundation, dt, revision);
  const file = listed && (await context.store.localCopy(key, directory));
  if (file === undefined) return note('missing', `${manifestName} says it was there`);
  const { bytes, sha256 } = await hashFile(file);
  context.onObject(bytes);
  if (bytes === 0) return note('altered', 'it is empty; a table over it would answer with no rows');
  if (bytes !== part.bytes) {
    return note('altered', `it has ${bytes} bytes, ${manifestName} says ${part.bytes}`);
  }
  if (sha256 !== part.sha256) return note('altered', `its bytes are not those of ${manifestName}`);

  const facts = await describe(context, dt, key, file);
  if (facts === undefined) return 'broken';
  context.onRows(facts.events);
  const wrong = differences(manifest, facts);
  return wrong.length > 0
    ? note('mismatch', `its rows are not what ${manifestName} says: ${wrong.join(', ')}`)
    : { key, file, facts };
}

/** What a part's rows say; undefined after noting that it cannot be read, or has an event twice. */
export async function describe(
  { parts, foundation, notes }: PartContext,
  dt: Day,
  key: string,
  file: string,
): Promise<PartFacts | undefined> {
  try {
    return await parts.describePart(file, windowOf(dt));
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'PART_INVALID') throw error;
    notes.finding({
      kind: 'invalid',
      foundation,
      day: dt,
      object: key,
      meaning: 'it cannot be read as a part, or holds an event twice',
    });
    return undefined;
  }
}

/** The manifest's words for what differs. */
function differences(manifest: Manifest, facts: PartFacts): string[] {
  const { part } = manifest;
  const said: Record<string, [unknown, unknown]> = {
    rows: [part?.rows, facts.events],
    min_created_at: [millis(part?.min_created_at), facts.minCreatedAt?.getTime()],
    max_created_at: [millis(part?.max_created_at), facts.maxCreatedAt?.getTime()],
    events_by_type: [byType(manifest.events_by_type), byType(facts.eventsByType)],
    misplaced: [manifest.misplaced, facts.misplaced],
    unrepresentable: [manifest.unrepresentable, facts.unrepresentable],
  };
  return Object.entries(said)
    .filter(([, [there, here]]) => there !== here)
    .map(([name]) => name);
}

const millis = (instant: string | null | undefined): number | undefined =>
  instant ? Date.parse(instant) : undefined;

const byType = (counts: Readonly<Record<string, number>>): string =>
  JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Check what a manifest says of the day with all revisions up to its own.
 *
 * @param checked - all parts up to the manifest's revision
 */
export async function checkPartsTogether(
  { parts, notes, foundation }: PartContext,
  manifest: Manifest,
  checked: readonly CheckedPart[],
): Promise<void> {
  const { dt, revision, cumulative } = manifest;
  const [only] = checked;
  const together =
    only !== undefined && checked.length === 1
      ? only.facts
      : await parts.guidsOfParts(checked.map(({ file }) => file));
  const rows = checked.reduce((sum, { facts }) => sum + facts.events, 0);
  if (together.events !== rows) {
    notes.finding({
      kind: 'duplicate',
      foundation,
      day: dt,
      object: checked.at(-1)?.key ?? '',
      meaning: `${rows - together.events} of its events are in an earlier part of the day, too`,
    });
  }
  if (together.events === cumulative.events && together.guidDigest === cumulative.guid_digest)
    return;
  notes.finding({
    kind: 'mismatch',
    foundation,
    day: dt,
    object: manifestKey(foundation, dt, revision),
    meaning: 'its cumulative events are not those of the parts up to it',
  });
}

async function hashFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file)) {
    bytes += (chunk as Uint8Array).byteLength;
    hash.update(chunk as Uint8Array);
  }
  return { bytes, sha256: hash.digest('hex') };
}
