import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Signer } from '../digest/ports.ts';
import { ArchiveError } from '../domain/errors.ts';
import { type PublicJwk, thumbprint } from '../domain/public-key.ts';
import { publicJwkOf } from './public-key-file.ts';

const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

/** Where the public half of a key file is, for whoever verifies. */
export const publicKeyFileOf = (file: string): string => `${file}.pub.pem`;

/** An Ed25519 private key in a file: PKCS#8, PEM, readable by its owner only. */
export class Ed25519FileSigner implements Signer {
  readonly kid: string;
  /** Whether this very call made the key. */
  readonly created: boolean;
  /** In PEM form, as in the file beside the private key. */
  readonly publicPem: string;
  readonly #key: KeyObject;
  readonly #jwk: PublicJwk;

  private constructor(key: KeyObject, created: boolean) {
    const publicKey = createPublicKey(key);
    this.#key = key;
    this.#jwk = publicJwkOf(publicKey);
    this.kid = thumbprint(this.#jwk);
    this.created = created;
    this.publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /**
   * Open the key, or make it on first use, with its public half in `<file>.pub.pem`. Two first uses at once agree on one key: the file is complete before it gets its name.
   *
   * @throws ArchiveError SIGNING_KEY_INVALID
   */
  static async open(file: string): Promise<Ed25519FileSigner> {
    const text = await readText(file);
    const created = text === undefined && (await create(file, newKey(), PRIVATE_MODE));
    const signer = new Ed25519FileSigner(
      privateKey(text ?? (await readText(file)) ?? '', file),
      created,
    );
    await signer.#placePublicKey(publicKeyFileOf(file));
    return signer;
  }

  publicJwk(): PublicJwk {
    return this.#jwk;
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    return sign(null, bytes, this.#key);
  }

  async #placePublicKey(file: string): Promise<void> {
    if (await create(file, this.publicPem, PUBLIC_MODE)) return;
    const there = (await readText(file)) ?? '';
    let jwk: PublicJwk | undefined;
    try {
      jwk = publicJwkOf(createPublicKey(there));
    } catch {
      // No key at all is as wrong as another one.
    }
    if (jwk === undefined || thumbprint(jwk) !== this.kid) {
      throw new ArchiveError(
        'SIGNING_KEY_INVALID',
        `${file} is not the public half of the private key beside it; if the key was replaced, keep the old public key under another name: what it signed is verified with it`,
      );
    }
  }
}

const newKey = (): string =>
  String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));

function privateKey(text: string, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    // The cause stays out: nothing of a private key's file may reach a log.
    throw invalid(file);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw invalid(file);
  return key;
}

const invalid = (file: string): ArchiveError =>
  new ArchiveError(
    'SIGNING_KEY_INVALID',
    `${file} is no Ed25519 private key in PEM form (PKCS#8, not encrypted); make one with: openssl genpkey -algorithm ed25519 -out FILE`,
  );

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, 'read', cause);
  }
}

/** Whether this call created the file; false when the name was taken. */
async function create(file: string, text: string, mode: number): Promise<boolean> {
  const incoming = `${file}.${randomUUID()}.incoming`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(incoming, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(incoming, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unusable(file, 'create', cause);
  } finally {
    await unlink(incoming).catch(() => undefined);
  }
}

const unusable = (file: string, tried: string, cause: unknown): ArchiveError =>
  new ArchiveError(
    'SIGNING_KEY_INVALID',
    `cannot ${tried} ${file} (${(cause as NodeJS.ErrnoException).code}); give this user access, or correct signing in the configuration`,
    { cause },
  );
