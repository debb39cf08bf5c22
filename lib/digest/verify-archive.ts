import { parseCompactJws } from '../domain/digest-signature.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { digestKey, digestSignatureKey, manifestsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { type FoundationCensus, takeCensus } from './census.ts';
import type { TrustedKeys } from './check-signature.ts';
import { readDigestDocument } from './documents.ts';
import type { Finding, Remark } from './finding.ts';
import { laterKnown } from './grace.ts';
import type { PartReader, QuestionDayReader } from './ports.ts';
import {
  type FoundationProgress,
  type VerifiedFoundation,
  verifyFoundation,
} from './verify-foundation.ts';

const CONCURRENCY = 4;

export interface Verification {
  readonly store: ObjectStore;
  readonly parts: PartReader;
  readonly questionDays: QuestionDayReader;
  /** Whoever signed with another key is a finding. */
  readonly keys: TrustedKeys;
  /** A folder for copies of parts, the caller's to remove. */
  readonly workDirectory: string;
  /** The instant as of which is judged. Undefined: the archive is a copy of unknown age, judged as of the newest instant it carries itself. */
  readonly now?: Date | undefined;
  /** Lower-case hex SHA-256 of digests that were anchored elsewhere; each must be a link of a chain. */
  readonly heads?: readonly string[];
  /** Foundations that the archive must hold. */
  readonly expected?: readonly FoundationName[];
  /** Verify this foundation only. */
  readonly only?: FoundationName | undefined;
  /** Days and links checked at once; default 4. */
  readonly concurrency?: number;
  readonly onProgress?: ((progress: FoundationProgress) => void) | undefined;
}

/** What came of it. All is well when there is no finding. */
export interface Verdict {
  /** The instant as of which was judged; undefined when none was given and the archive carries none. */
  readonly asOf: Date | undefined;
  /** Ordered by foundation, day (newest first) and object. */
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly foundations: readonly VerifiedFoundation[];
}

/**
 * Verify an archive with nothing but its objects and public keys: every object is there, unchanged and signed, and nothing else is.
 *
 * @throws ArchiveError whatever the store throws; nothing that is wrong with an object is an exception
 */
export async function verifyArchive(verification: Verification): Promise<Verdict> {
  const { store, only, heads = [], now, expected = [] } = verification;
  const findings: Finding[] = [];
  const remarks: Remark[] = [];
  const notes = {
    finding: (finding: Finding) => void findings.push(finding),
    remark: (remark: Remark) => void remarks.push(remark),
  };
  const census = await takeCensus(store, only, notes);
  const names = [...census.foundations.keys()].sort();
  for (const name of only === undefined ? expected : [only]) {
    if (names.includes(name)) continue;
    notes.finding({
      kind: 'missing',
      foundation: name,
      day: null,
      object: manifestsPrefix(name),
      meaning: 'the archive holds nothing of this foundation',
    });
  }
  if (names.length === 0 && findings.length === 0) {
    notes.finding({
      kind: 'missing',
      foundation: null,
      day: null,
      object: store.url,
      meaning: 'the archive holds nothing',
    });
  }

  const asOf = now ?? (await newestInstant(store, census.foundations));
  const headsFound = new Set<string>();
  const foundations: VerifiedFoundation[] = [];
  for (const name of names) {
    const counted = census.foundations.get(name);
    if (counted === undefined) continue;
    foundations.push(
      await verifyFoundation(
        {
          concurrency: CONCURRENCY,
          ...verification,
          notes,
          // Without any instant there is nothing that could be late.
          now: asOf ?? new Date(0),
          isCopy: now === undefined,
          heads: new Set(heads),
          headsFound,
        },
        name,
        counted,
      ),
    );
  }
  for (const head of heads) {
    if (headsFound.has(head)) continue;
    notes.finding({
      kind: 'head_cut_off',
      foundation: only ?? null,
      day: null,
      object: head,
      meaning:
        'no link of the chain has this SHA-256: the digest that was anchored, and whatever came after it, was cut off or replaced',
    });
  }
  return { asOf, findings: findings.sort(byPlace), remarks: remarks.sort(byPlace), foundations };
}

/** The newest instant that names, digests and signatures of the archive carry, whether they can be trusted or not: an instant too late only makes the verdict stricter. */
async function newestInstant(
  store: ObjectStore,
  foundations: ReadonlyMap<FoundationName, FoundationCensus>,
): Promise<Date | undefined> {
  let newest: Date | undefined;
  for (const [foundation, census] of foundations) {
    newest = laterKnown(newest, census.newest);
    const digest = [...census.digests].sort().at(-1);
    const signature = [...census.signatures].sort().at(-1);
    if (digest !== undefined) {
      const key = digestKey(foundation, digest);
      const bytes = await store.get(key);
      const read = bytes && readDigestDocument(key, bytes);
      if (read?.ok) newest = laterKnown(newest, new Date(read.value.signed_at));
    }
    if (signature !== undefined) {
      const bytes = await store.get(digestSignatureKey(foundation, signature));
      const jws = bytes && parseCompactJws(bytes);
      if (jws) newest = laterKnown(newest, new Date(jws.payload.signed_at));
    }
  }
  return newest;
}

function byPlace(a: Finding | Remark, b: Finding | Remark): number {
  const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return (
    order(a.foundation ?? '', b.foundation ?? '') ||
    order(b.day ?? '', a.day ?? '') ||
    order(a.object, b.object) ||
    order(a.kind, b.kind)
  );
}
