import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { Signer } from '../../../lib/digest/ports.ts';
import { publicJwkSchema, thumbprint } from '../../../lib/domain/public-key.ts';

/** A signer with a new key that nobody else has. */
export function aSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicJwkSchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return {
    kid: thumbprint(jwk),
    publicJwk: () => jwk,
    sign: async (bytes) => sign(null, bytes, privateKey),
  };
}
