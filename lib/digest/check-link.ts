import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Digest, DigestDay, NamedObject } from '../domain/digest.ts';
import { coverageAfter, type ManifestFacts, type RunFacts } from '../domain/digest-coverage.ts';
import { digestKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { FindingKind, Notes } from './finding.ts';
import { GRACE_HOURS, GRACE_MS } from './grace.ts';
import { type ObjectFacts, readFacts } from './read-facts.ts';

export interface LinkContext {
  readonly store: ObjectStore;
  readonly notes: Notes;
  /** At most so many reads at once, whoever asks. */
  readonly limited: <T>(task: () => Promise<T>) => Promise<T>;
  readonly onObject: (bytes: number) => void;
}

/**
 * Check everything that one trusted digest says: each object it names is there with the bytes it had, and the coverage table follows from the table before it and from these objects.
 * Since that holds of every link, each table holds of the whole archive.
 *
 * @param before - the digest before it; null for the first link, undefined when it cannot be trusted
 */
export async function checkLink(
  context: LinkContext,
  digest: Digest,
  before: Digest | null | undefined,
): Promise<void> {
  const facts = await Promise.all(
    digest.objects.map((object) =>
      context.limited(() => checkObject(context, digest, before, object)),
    ),
  );
  if (before === undefined || facts.includes(undefined)) return;
  const manifests = facts.flatMap((each): ManifestFacts[] =>
    each?.manifest ? [each.manifest] : [],
  );
  const runs = facts.flatMap((each): RunFacts[] => (each?.run ? [each.run] : []));
  checkTable(context, digest, coverageAfter(before?.days ?? [], manifests, runs));
}

/** Undefined: it is not what was signed. */
async function checkObject(
  { store, notes, onObject }: LinkContext,
  digest: Digest,
  before: Digest | null | undefined,
  { key, sha256 }: NamedObject,
): Promise<ObjectFacts | undefined> {
  const note = (kind: FindingKind, meaning: string): undefined =>
    notes.finding({
      kind,
      foundation: digest.foundation,
      day: parseArchiveKey(key)?.day ?? null,
      object: key,
      meaning,
    }) as undefined;
  const facts = await readFacts(store, key);
  onObject(facts?.bytes ?? 0);
  if (facts === undefined) return note('missing', `the digest of ${digest.day} says it was there`);
  if (facts.sha256 !== sha256) {
    return note('altered', `its bytes are not those that the digest of ${digest.day} signed`);
  }
  if (facts.problem !== undefined) return note('invalid', `signed, but ${facts.problem}`);
  if (facts.writtenAt && isLate(facts.writtenAt, digest, before)) {
    note(
      'signed_late',
      `written ${facts.writtenAt.toISOString()}, before the digest of ${before?.day}, but signed only by that of ${digest.day}: for more than ${GRACE_HOURS} hours it could be changed unseen`,
    );
  }
  return facts;
}

/** An earlier link should have named it. Where there was none to do so, the gap, or the beginning of the chain, says it already. */
const isLate = (writtenAt: Date, digest: Digest, before: Digest | null | undefined): boolean =>
  Boolean(before) &&
  writtenAt.getTime() < Date.parse(before?.signed_at ?? '') &&
  Date.parse(digest.signed_at) - writtenAt.getTime() > GRACE_MS;

function checkTable({ notes }: LinkContext, digest: Digest, expected: readonly DigestDay[]): void {
  const said = new Map(digest.days.map((day) => [day.dt, day]));
  const wrong = expected.filter((day) => !sameDay(day, said.get(day.dt)));
  const known = new Set(expected.map(({ dt }) => dt));
  for (const { dt } of [...wrong, ...digest.days.filter((day) => !known.has(day.dt))]) {
    notes.finding({
      kind: 'mismatch',
      foundation: digest.foundation,
      day: dt,
      object: digestKey(digest.foundation, digest.day),
      meaning: `its coverage table says of ${dt} what manifests and run reports do not say`,
    });
  }
}

const sameDay = (a: DigestDay, b: DigestDay | undefined): boolean =>
  b !== undefined &&
  a.status === b.status &&
  a.revisions === b.revisions &&
  a.events === b.events &&
  a.counted_at === b.counted_at &&
  a.at_source === b.at_source &&
  a.deleted_at_source === b.deleted_at_source &&
  JSON.stringify(a.losses) === JSON.stringify(b.losses);
