import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ArchiveError } from '../domain/errors.ts';
import { type PublicJwk, publicJwkSchema } from '../domain/public-key.ts';

const FORMS = 'an Ed25519 public key: PEM ("BEGIN PUBLIC KEY"), a JWK, or a JWK set';

/**
 * The public keys in a file: one in PEM form or as a JWK, or several as a JWK set, of which those of other kinds are left out.
 *
 * @throws ArchiveError SIGNING_KEY_INVALID, also for a private key: whoever verifies must not hold one
 */
export async function readPublicKeyFile(file: string): Promise<PublicJwk[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ArchiveError(
      'SIGNING_KEY_INVALID',
      `cannot read the public key ${file} (${(cause as NodeJS.ErrnoException).code}); correct the path`,
      { cause },
    );
  }
  const keys = text.trimStart().startsWith('{') ? fromJson(text, file) : [fromPem(text, file)];
  if (keys.length === 0) throw invalid(file, `it holds no Ed25519 key; write ${FORMS}`);
  return keys;
}

function fromPem(text: string, file: string): PublicJwk {
  if (text.includes('PRIVATE KEY')) throw isPrivate(file);
  try {
    return publicJwkOf(createPublicKey(text));
  } catch (cause) {
    throw invalid(file, `it is not ${FORMS}`, cause);
  }
}

function fromJson(text: string, file: string): PublicJwk[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Not as a cause: the parser's message quotes the text.
    throw invalid(file, `it is not ${FORMS}`);
  }
  const members = (json as { keys?: unknown }).keys;
  const candidates: unknown[] = Array.isArray(members) ? members : [json];
  if (candidates.some((key) => typeof key === 'object' && key !== null && 'd' in key)) {
    throw isPrivate(file);
  }
  return candidates.flatMap((key) => {
    const parsed = publicJwkSchema.safeParse(key);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The public half of a key. Throws for any other kind than Ed25519. */
export const publicJwkOf = (key: KeyObject): PublicJwk =>
  publicJwkSchema.parse(key.export({ format: 'jwk' }));

const isPrivate = (file: string): ArchiveError =>
  invalid(file, 'it holds a private key, which must not leave its place; write its public half');

const invalid = (file: string, problem: string, cause?: unknown): ArchiveError =>
  new ArchiveError('SIGNING_KEY_INVALID', `the public key ${file} is of no use: ${problem}`, {
    cause,
  });
