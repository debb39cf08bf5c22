import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Day } from '../domain/day.ts';
import { type Digest, type NamedObject, sha256Hex } from '../domain/digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { digestKey, digestSignatureKey, digestsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { readDigestDocument } from './documents.ts';

/** A digest as it is stored. */
export interface Link {
  readonly digest: Digest;
  readonly key: string;
  /** Of its exact bytes. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Which links a listing shows. */
export interface ListedChain {
  /** Days with a digest, ascending. */
  readonly digests: readonly Day[];
  /** Days with a signature, ascending. */
  readonly signatures: readonly Day[];
}

export async function listChain(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<ListedChain> {
  const chain: { digests: Day[]; signatures: Day[] } = { digests: [], signatures: [] };
  for await (const { key } of store.list(digestsPrefix(foundation))) {
    const link = parseArchiveKey(key);
    if (link?.kind === 'digest') chain.digests.push(link.day);
    if (link?.kind === 'signature') chain.signatures.push(link.day);
  }
  return chain;
}

export const linkName = ({ key, sha256 }: Link): NamedObject => ({ key, sha256 });

/** @throws ArchiveError DIGEST_INVALID when it is absent or no digest */
export async function readLink(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
): Promise<Link> {
  const key = digestKey(foundation, day);
  const bytes = await store.get(key);
  if (bytes === undefined) throw restore(`${key} is not there`);
  const read = readDigestDocument(key, bytes);
  if (!read.ok) throw restore(`${key} is no digest: ${read.problem}`);
  return { digest: read.value, key, sha256: sha256Hex(bytes), bytes };
}

/** The newest digest there is, signed or not; undefined before the first. @throws ArchiveError DIGEST_INVALID */
export async function newestLink(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<Link | undefined> {
  const day = (await listChain(store, foundation)).digests.at(-1);
  return day === undefined ? undefined : readLink(store, foundation, day);
}

/**
 * The newest day of the chain; undefined before the first.
 *
 * @throws ArchiveError DIGEST_INVALID when nothing can be added to the chain as it is listed
 */
export function headDay(
  foundation: FoundationName,
  { digests, signatures }: ListedChain,
  today: Day,
): Day | undefined {
  const [head, signed] = [digests.at(-1), signatures.at(-1)];
  if (signed !== undefined && (head === undefined || signed > head)) {
    throw restore(
      `${digestSignatureKey(foundation, signed)} is there, but the digest it signs is not`,
    );
  }
  if (head !== undefined && head > today) {
    throw new ArchiveError(
      'DIGEST_INVALID',
      `${digestKey(foundation, head)} is of a later day than today, ${today}; check the clock, or remove it if it is not ours`,
    );
  }
  return head;
}

/** Nothing is built upon a broken head: that would bury what happened. */
export const restore = (what: string): ArchiveError =>
  new ArchiveError(
    'DIGEST_INVALID',
    `${what}; nothing was signed: run verify, and restore the object's first version`,
  );
