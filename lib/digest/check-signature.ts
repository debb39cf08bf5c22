import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type ParsedJws, parseCompactJws } from '../domain/digest-signature.ts';
import { type PublicJwk, thumbprint } from '../domain/public-key.ts';

/** Public keys that are trusted, by their thumbprint. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

export const trustKeys = (keys: readonly PublicJwk[]): TrustedKeys =>
  new Map(
    keys.map((key) => [thumbprint(key), createPublicKey({ key: { ...key }, format: 'jwk' })]),
  );

/** What a `.jws` is worth, before anyone asks what it signs. */
export type SignatureCheck =
  | { readonly kind: 'valid'; readonly jws: ParsedJws }
  | { readonly kind: 'unknown_key'; readonly jws: ParsedJws }
  | { readonly kind: 'bad_signature' }
  | { readonly kind: 'bad_format' };

/** Only keys that were handed in count: a key that travels with the signature proves nothing. */
export function checkSignature(bytes: Uint8Array, keys: TrustedKeys): SignatureCheck {
  const jws = parseCompactJws(bytes);
  if (jws === undefined) return { kind: 'bad_format' };
  const key = keys.get(jws.kid);
  if (key === undefined) return { kind: 'unknown_key', jws };
  return verify(null, jws.signingInput, key, jws.signature)
    ? { kind: 'valid', jws }
    : { kind: 'bad_signature' };
}
