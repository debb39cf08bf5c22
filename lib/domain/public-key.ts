import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The public half of an Ed25519 key as RFC 8037 writes it; other members of a JWK are dropped. */
export const publicJwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  /** 32 bytes. */
  x: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});
export type PublicJwk = z.infer<typeof publicJwkSchema>;

/**
 * The key's name: its RFC 7638 thumbprint, SHA-256, base64url.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7638 (members in this order, no white space)
 */
export const thumbprint = ({ crv, kty, x }: PublicJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
