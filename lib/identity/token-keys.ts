import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A public key of UAA; old ones have no `kid`. */
export interface TokenKey {
  readonly kid: string | undefined;
  readonly key: KeyObject;
}

/** RFC 7518 §3.3: a smaller key must not be used. */
const LEAST_BITS = 2048;

/** An entry of `/token_keys`, `{kty, use, kid, alg, n, e, value}`; `value` is PEM. `alg` may be `SHA256withRSA`, and is not needed: which algorithms are accepted is not for the key to say. */
const entrySchema = z.object({
  kty: z.string().optional(),
  kid: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  value: z.string().optional(),
});
const documentSchema = z.object({ keys: z.array(z.unknown()) });

/** The RSA keys of a `/token_keys` document; entries of other kinds, such as shared secrets, are passed by. Undefined: it is no such document. */
export function readTokenKeys(document: unknown): TokenKey[] | undefined {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return undefined;
  return parsed.data.keys.flatMap((entry) => {
    const { kid, ...rest } = entrySchema.safeParse(entry).data ?? {};
    const key = publicKeyOf(rest);
    return key === undefined ? [] : [{ kid, key }];
  });
}

function publicKeyOf({ kty, n, e, value }: z.infer<typeof entrySchema>): KeyObject | undefined {
  if (kty !== undefined && kty !== 'RSA') return undefined;
  try {
    const key =
      n !== undefined && e !== undefined
        ? createPublicKey({ format: 'jwk', key: { kty: 'RSA', n, e } })
        : createPublicKey(value ?? '');
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
    return key.asymmetricKeyType === 'rsa' && modulusLength >= LEAST_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}
