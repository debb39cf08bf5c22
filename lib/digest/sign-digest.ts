import type { Day } from '../domain/day.ts';
import { dayOf } from '../domain/day.ts';
import {
  DIGEST_FORMAT,
  type Digest,
  digestBytes,
  type NamedObject,
  sha256Hex,
} from '../domain/digest.ts';
import { compactJws, signingInput } from '../domain/digest-signature.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { digestKey, digestSignatureKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import {
  headDay,
  type Link,
  type ListedChain,
  linkName,
  listChain,
  readLink,
  restore,
} from './chain-head.ts';
import { checkSignature, trustKeys } from './check-signature.ts';
import type { Signer } from './ports.ts';
import { recentLinks } from './recent-links.ts';
import { contentOf, unnamedKeys } from './unnamed-objects.ts';

export interface SigningContext {
  readonly store: ObjectStore;
  readonly signer: Signer;
  readonly now: () => Date;
  /** Name and version of this program. */
  readonly tool: string;
}

/** What a run did for one foundation's chain. */
export interface DigestOutcome {
  readonly foundation: FoundationName;
  /**
   * `signed`: a new link was made. `already`: today's link was there, nothing was changed.
   */
  readonly kind: 'signed' | 'already';
  /** The newest link. Anchor its SHA-256 elsewhere: cutting off links then shows at once. */
  readonly head: NamedObject & { readonly day: Day };
  /** Objects that today's link names. */
  readonly objects: number;
  /** Day of a link that a crashed run had left unsigned and this one signed; null when there was none. */
  readonly repaired: Day | null;
  /** Day of the link before the head; null for the first. Any calendar day between the two was never signed, and never will be. */
  readonly previousDay: Day | null;
  /** Objects below `manifests/`, `runs/` and `queries/` that are not what their keys say, and were not signed. */
  readonly refused: readonly { readonly key: string; readonly problem: string }[];
}

/** How often the chain is looked at again because another run added a link meanwhile. */
const MAX_ATTEMPTS = 3;

/**
 * Add today's link to a foundation's chain, on quiet days too; at most one link a calendar day, and none for a day gone by: that nobody signed then is evidence.
 *
 * Create-only, so killing it anywhere or running two at once leaves one chain. A digest without its signature is that of a killed run:
 * those bytes are computed again from what they name, and signed only when they follow from it.
 *
 * @throws ArchiveError DIGEST_INVALID when the head is missing, altered or cannot be continued; SIGNING_FAILED; whatever the store throws
 */
export async function signDigest(
  context: SigningContext,
  foundation: FoundationName,
): Promise<DigestOutcome> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const outcome = await attemptDigest(context, foundation);
    if (outcome !== 'conflict') return outcome;
  }
  throw new ArchiveError(
    'STORE_UNAVAILABLE',
    `${foundation}: the digest of today is there and not there; check the store, then run digest again`,
  );
}

async function attemptDigest(
  context: SigningContext,
  foundation: FoundationName,
): Promise<DigestOutcome | 'conflict'> {
  const signedAt = context.now();
  const today = dayOf(signedAt);
  const chain = await listChain(context.store, foundation);
  const newest = headDay(foundation, chain, today);
  const head = newest === undefined ? undefined : await readLink(context.store, foundation, newest);

  const repaired = head !== undefined && (await settleHead(context, chain, head));
  const base = { foundation, repaired: repaired ? (head?.digest.day ?? null) : null };
  if (head !== undefined && newest === today) {
    return {
      ...base,
      kind: repaired ? 'signed' : 'already',
      head: { ...linkName(head), day: today },
      objects: head.digest.objects.length,
      previousDay: chain.digests.at(-2) ?? null,
      refused: [],
    };
  }

  const recent = await recentLinks(context.store, chain, head);
  const keys = await unnamedKeys(context.store, foundation, head?.digest, recent, today);
  const { objects, days, refused } = await contentOf(context.store, head?.digest.days ?? [], keys);
  const digest: Digest = {
    format: DIGEST_FORMAT,
    foundation,
    day: today,
    tool: context.tool,
    signed_at: signedAt.toISOString(),
    previous: head === undefined ? null : linkName(head),
    objects: [...objects],
    days: [...days],
  };
  const bytes = digestBytes(digest);
  const key = digestKey(foundation, today);
  if ((await context.store.create(key, bytes)) === 'exists') return 'conflict';
  const link = { digest, key, bytes, sha256: sha256Hex(bytes) };
  await storeSignature(context, link);
  return {
    ...base,
    kind: 'signed',
    head: { ...linkName(link), day: today },
    objects: objects.length,
    previousDay: newest ?? null,
    refused,
  };
}

/**
 * Make sure that the head is signed, before anything is built upon it.
 *
 * @returns whether this run signed it
 */
async function settleHead(
  context: SigningContext,
  chain: ListedChain,
  head: Link,
): Promise<boolean> {
  const { foundation, day } = head.digest;
  const signatureKey = digestSignatureKey(foundation, day);
  const jws = await context.store.get(signatureKey);
  if (jws === undefined) {
    await checkFollows(context.store, chain, head);
    await storeSignature(context, head);
    return true;
  }
  const check = checkSignature(jws, trustKeys([context.signer.publicJwk()]));
  if (check.kind === 'bad_format' || check.kind === 'bad_signature') {
    throw restore(`${signatureKey} is no signature of this key`);
  }
  // Of another key, such as the one before a rotation, only what it says can be compared here; `verify` has all keys.
  if (check.jws.payload.sha256 !== head.sha256) throw restore(`${head.key} is not what was signed`);
  return false;
}

/** Anyone who can write could leave a digest without a signature: ours follows from the link before it and from the objects it names. */
async function checkFollows(store: ObjectStore, chain: ListedChain, head: Link): Promise<void> {
  const { digest } = head;
  const previousDay = chain.digests.at(-2);
  const previous =
    previousDay === undefined ? undefined : await readLink(store, digest.foundation, previousDay);
  const keys = digest.objects.map(({ key }) => key);
  const { objects, days } = await contentOf(store, previous?.digest.days ?? [], keys);
  const expected = digestBytes({
    ...digest,
    previous: previous === undefined ? null : linkName(previous),
    objects: [...objects],
    days: [...days],
  });
  if (!Buffer.from(expected).equals(head.bytes)) {
    throw restore(`${head.key} has no signature, and does not follow from what it names`);
  }
}

async function storeSignature(context: SigningContext, { digest, key, sha256 }: Link) {
  const { foundation, day, previous } = digest;
  const input = signingInput(context.signer.kid, {
    foundation,
    day,
    key,
    sha256,
    previous: previous?.sha256 ?? null,
    signed_at: context.now().toISOString(),
  });
  const jws = compactJws(input, await context.signer.sign(input));
  // Taken already: another run signed the same bytes.
  await context.store.create(digestSignatureKey(foundation, day), jws);
}
