import type { Day } from '../domain/day.ts';
import { type Digest, type NamedObject, sha256Hex } from '../domain/digest.ts';
import type { SignaturePayload } from '../domain/digest-signature.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { digestKey, digestSignatureKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { checkSignature, type TrustedKeys } from './check-signature.ts';
import { readDigestDocument } from './documents.ts';
import type { FindingKind, Notes } from './finding.ts';
import { GRACE_HOURS, GRACE_MS, isYoung } from './grace.ts';

export interface WalkContext {
  readonly store: ObjectStore;
  readonly foundation: FoundationName;
  readonly keys: TrustedKeys;
  /** The instant as of which is judged. */
  readonly now: Date;
  /** SHA-256 of digests anchored elsewhere: they vouch for their bytes as a later link does. */
  readonly heads: ReadonlySet<string>;
  readonly notes: Notes;
}

/** The two files of a link, as far as they are there. */
export interface LinkFiles {
  readonly day: Day;
  /** Keys of those that are there. */
  readonly keys: readonly string[];
  readonly json: Uint8Array | undefined;
  readonly jws: Uint8Array | undefined;
}

/** A link of the chain. */
export interface JudgedLink {
  readonly day: Day;
  readonly key: string;
  /** Of the digest's bytes, whatever they are worth; undefined when it is not there. */
  readonly sha256: string | undefined;
  /** Files of the link that are there, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** What it says; undefined when nothing vouches for these bytes: a hole. */
  readonly digest: Digest | undefined;
  /** A hole that is just not signed yet, or never was. */
  readonly unsigned: boolean;
  /** What an unsigned hole says of the link before it; undefined for every other link. */
  readonly claims: Digest['previous'] | undefined;
}

export async function loadLink(
  { store, foundation }: Pick<WalkContext, 'store' | 'foundation'>,
  day: Day,
): Promise<LinkFiles> {
  const [key, signatureKey] = [digestKey(foundation, day), digestSignatureKey(foundation, day)];
  const [json, jws] = await Promise.all([store.get(key), store.get(signatureKey)]);
  return { day, json, jws, keys: [...(json ? [key] : []), ...(jws ? [signatureKey] : [])] };
}

/**
 * Say what a link is worth, and note whatever is wrong with it. Its bytes count when a trusted key signed them, or when the link after it, or an anchored head, has their SHA-256.
 *
 * @param expected - what the trusted link after it says of this one; undefined when there is none
 * @param isNewest - whether no link after it is known, not even a broken one
 */
export function judgeLink(
  context: WalkContext,
  files: LinkFiles,
  expected: NamedObject | null | undefined,
  isNewest: boolean,
): JudgedLink {
  const { foundation, notes, heads } = context;
  const { day, json } = files;
  const key = digestKey(foundation, day);
  const signatureKey = digestSignatureKey(foundation, day);
  const note = (kind: FindingKind, object: string, meaning: string): void =>
    notes.finding({ kind, foundation, day, object, meaning });
  const sha256 = json && sha256Hex(json);
  const hole: JudgedLink = {
    day,
    key,
    sha256,
    files: files.keys.length,
    bytes: (json?.byteLength ?? 0) + (files.jws?.byteLength ?? 0),
    digest: undefined,
    unsigned: false,
    claims: undefined,
  };

  const payload = readSignature(context, files, note);
  if (json === undefined || sha256 === undefined) {
    note(
      'missing',
      key,
      `the digest is not there; ${files.jws ? 'its signature' : 'the link after it'} says it was`,
    );
    return hole;
  }
  if (expected && expected.sha256 !== sha256) {
    note('altered', key, 'the link after it has another SHA-256 of this digest');
    return hole;
  }
  const anchored = Boolean(expected) || heads.has(sha256);
  if (payload && payload.sha256 !== sha256) {
    if (anchored)
      note('wrong_signature', signatureKey, 'it signs other bytes than this digest has');
    else note('altered', key, 'its bytes are not those that were signed');
    if (!anchored) return hole;
  }
  const read = readDigestDocument(key, json);
  if (!read.ok) {
    note('invalid', key, `not a digest as it should be: ${read.problem}`);
    return hole;
  }
  if (files.jws === undefined) noteUnsigned(context, day, signatureKey, isNewest && read.value);
  else if (payload) comparePayload(payload, read.value, signatureKey, note);

  const vouched = anchored || payload !== undefined;
  if (vouched) return { ...hole, digest: read.value };
  const unsigned = isNewest && files.jws === undefined;
  return { ...hole, unsigned, claims: unsigned ? read.value.previous : undefined };
}

/** The payload, when a trusted key signed it for this very link. */
function readSignature(
  { foundation, keys }: WalkContext,
  { day, jws }: LinkFiles,
  note: (kind: FindingKind, object: string, meaning: string) => void,
): SignaturePayload | undefined {
  if (jws === undefined) return undefined;
  const object = digestSignatureKey(foundation, day);
  const check = checkSignature(jws, keys);
  switch (check.kind) {
    case 'bad_format':
      note('wrong_signature', object, 'it is not a compact JWS as this program writes it');
      return undefined;
    case 'bad_signature':
      note('wrong_signature', object, 'the signature does not fit what it signs');
      return undefined;
    case 'unknown_key':
      note('wrong_signature', object, `signed with key ${check.jws.kid}, which is none of yours`);
      return undefined;
    case 'valid': {
      const { payload } = check.jws;
      if (
        payload.foundation === foundation &&
        payload.key === digestKey(foundation, day) &&
        payload.day === day
      ) {
        return payload;
      }
      note('wrong_signature', object, `it is the signature of ${payload.key}`);
      return undefined;
    }
  }
}

/** @param newest - the digest, when it is the newest one: only that can be a crashed run's, because each run signs the head before it adds a link */
function noteUnsigned(
  { foundation, now, notes }: WalkContext,
  day: Day,
  object: string,
  newest: Digest | false,
): void {
  const base = { foundation, day, object };
  if (newest === false) {
    notes.finding({
      ...base,
      kind: 'missing',
      meaning: 'the digest has no signature, and a later one was added, so it had one',
    });
  } else if (isYoung(new Date(newest.signed_at), now)) {
    notes.remark({
      ...base,
      kind: 'pending',
      meaning: 'the digest has no signature yet; the next run of digest signs it',
    });
  } else {
    notes.finding({
      ...base,
      kind: 'unsigned',
      meaning: `the digest has had no signature for more than ${GRACE_HOURS} hours`,
    });
  }
}

function comparePayload(
  payload: SignaturePayload,
  digest: Digest,
  object: string,
  note: (kind: FindingKind, object: string, meaning: string) => void,
): void {
  if (payload.previous !== (digest.previous?.sha256 ?? null)) {
    note('mismatch', object, 'signature and digest name different links before this one');
  }
  const late = Date.parse(payload.signed_at) - Date.parse(digest.signed_at);
  if (late > GRACE_MS) {
    note(
      'signed_late',
      object,
      `the digest is of ${digest.signed_at}, the signature of ${payload.signed_at}: more than ${GRACE_HOURS} hours later`,
    );
  }
}
