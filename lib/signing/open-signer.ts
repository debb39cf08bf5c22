import { access } from 'node:fs/promises';
import type { Signer } from '../digest/ports.ts';
import type { PublicJwk } from '../domain/public-key.ts';
import { Ed25519FileSigner, publicKeyFileOf } from './ed25519-file-signer.ts';
import { readPublicKeyFile } from './public-key-file.ts';

/** What a configuration says about signing. */
export type SigningKey =
  | { readonly kind: 'ed25519'; readonly file: string }
  | { readonly kind: 'kms'; readonly arn: string };

/** A signer, and what to tell about its public half. */
export interface OpenedSigner extends Signer {
  readonly publicPem: string;
  /** File that holds it; undefined: it is not in a file. */
  readonly publicKeyFile: string | undefined;
  /** Whether the key was made by this very call. */
  readonly created: boolean;
}

/** Open the configured key for signing; a key file is made when there is none. */
export async function openSigner(key: SigningKey): Promise<OpenedSigner> {
  if (key.kind === 'ed25519') {
    const signer = await Ed25519FileSigner.open(key.file);
    return opened(signer, signer.publicPem, publicKeyFileOf(key.file), signer.created);
  }
  const signer = await openKms(key.arn);
  return opened(signer, signer.publicPem, undefined, false);
}

const opened = (
  signer: Signer,
  publicPem: string,
  publicKeyFile: string | undefined,
  created: boolean,
): OpenedSigner => ({
  kid: signer.kid,
  publicJwk: () => signer.publicJwk(),
  sign: (bytes) => signer.sign(bytes),
  publicPem,
  publicKeyFile,
  created,
});

/** The configured key's public half, for verifying: makes nothing, and needs no private key where the public one lies beside its place. */
export async function readConfiguredPublicKeys(key: SigningKey): Promise<PublicJwk[]> {
  if (key.kind === 'kms') return [(await openKms(key.arn)).publicJwk()];
  const file = publicKeyFileOf(key.file);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return readPublicKeyFile(file);
  const exists = await access(key.file).then(
    () => true,
    () => false,
  );
  return exists ? [(await Ed25519FileSigner.open(key.file)).publicJwk()] : readPublicKeyFile(file);
}

async function openKms(arn: string) {
  // Loaded when needed: on a laptop it rarely is.
  const { createKmsClient, KmsSigner } = await import('./kms-signer.ts');
  return KmsSigner.open(createKmsClient(arn), arn);
}
