import { z } from 'zod';
import { daySchema } from './day.ts';
import { foundationNameSchema } from './foundation.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Strict: a header that asks for more (`crit`, `b64`, a key of its own) is none of ours. */
export const signatureHeaderSchema = z.strictObject({
  alg: z.literal('EdDSA'),
  /** RFC 7638 thumbprint of the public key. */
  kid: z.string(),
});

/** What a signature vouches for: one digest by its place and its bytes, and by the link before it. */
export const signaturePayloadSchema = z.object({
  foundation: foundationNameSchema,
  day: daySchema,
  /** Key of the digest. */
  key: z.string(),
  /** Of the digest's exact bytes. */
  sha256,
  /** SHA-256 of the previous digest; null for the first. */
  previous: sha256.nullable(),
  /** When this signature was made; later than the digest's own instant when a crashed run left it unsigned. */
  signed_at: z.iso.datetime(),
});
export type SignaturePayload = z.infer<typeof signaturePayloadSchema>;

const segment = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** The ASCII bytes that are signed: header and payload of the compact form, RFC 7515 §5.1. */
export const signingInput = (kid: string, payload: SignaturePayload): Uint8Array =>
  Buffer.from(`${segment({ alg: 'EdDSA', kid })}.${segment(payload)}`, 'ascii');

/** Exact bytes of a `.jws`: the compact form, no line break after it. */
export const compactJws = (input: Uint8Array, signature: Uint8Array): Uint8Array =>
  Buffer.concat([input, Buffer.from(`.${Buffer.from(signature).toString('base64url')}`, 'ascii')]);

export interface ParsedJws {
  readonly kid: string;
  readonly payload: SignaturePayload;
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Take a `.jws` apart without checking its signature. Undefined when it is not exactly what this program writes:
 * a lenient reader would accept several spellings of one signature, and a changed byte would go unseen.
 */
export function parseCompactJws(bytes: Uint8Array): ParsedJws | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const [header, body, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(text)?.slice(1) ?? [];
  if (header === undefined || body === undefined || signature === undefined) return undefined;
  const raw = Buffer.from(signature, 'base64url');
  if (raw.toString('base64url') !== signature) return undefined;
  const kid = signatureHeaderSchema.safeParse(parseSegment(header));
  const payload = signaturePayloadSchema.safeParse(parseSegment(body));
  if (!kid.success || !payload.success) return undefined;
  return {
    kid: kid.data.kid,
    payload: payload.data,
    signingInput: bytes.subarray(0, header.length + 1 + body.length),
    signature: raw,
  };
}

function parseSegment(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
