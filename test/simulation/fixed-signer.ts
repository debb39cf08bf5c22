import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Signer } from '../../lib/digest/ports.ts';
import { publicJwkSchema, thumbprint } from '../../lib/domain/public-key.ts';

/** PKCS #8 of an Ed25519 key, RFC 8410, up to the 32 bytes of the key itself. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer whose key, and therefore every signature, is the same in every run. */
export function aFixedSigner(): Signer {
  const key = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, 7)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const jwk = publicJwkSchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return {
    kid: thumbprint(jwk),
    publicJwk: () => jwk,
    sign: async (bytes) => sign(null, bytes, privateKey),
  };
}
