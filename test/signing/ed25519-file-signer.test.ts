import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  exportJWK,
  importJWK,
  importPKCS8,
} from 'jose';
import { checkSignature, trustKeys } from '../../lib/digest/check-signature.ts';
import { daySchema } from '../../lib/domain/day.ts';
import { compactJws, signingInput } from '../../lib/domain/digest-signature.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { Ed25519FileSigner } from '../../lib/signing/ed25519-file-signer.ts';
import { openSigner, readConfiguredPublicKeys } from '../../lib/signing/open-signer.ts';
import { readPublicKeyFile } from '../../lib/signing/public-key-file.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signing-'));
  file = join(directory, 'keys', 'signing.pem');
});
afterEach(() => rm(directory, { recursive: true }));

const PAYLOAD = {
  foundation: foundationNameSchema.parse('eu-1'),
  day: daySchema.parse('2026-03-02'),
  key: 'digests/v1/foundation=eu-1/2026-03-02.json',
  sha256: '0'.repeat(64),
  previous: null,
  signed_at: '2026-03-02T06:00:00.000Z',
};

describe('Ed25519FileSigner', () => {
  it('makes its key on first use, for its owner only, with the public half beside it', async () => {
    const signer = await Ed25519FileSigner.open(file);

    expect(signer.created).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await readFile(`${file}.pub.pem`, 'utf8')).toBe(signer.publicPem);
    expect(await readdir(join(directory, 'keys'))).toEqual(['signing.pem', 'signing.pem.pub.pem']);
  });

  it('opens the same key ever after', async () => {
    const first = await Ed25519FileSigner.open(file);
    const again = await Ed25519FileSigner.open(file);

    expect(again.created).toBe(false);
    expect(again.kid).toBe(first.kid);
    expect(await readConfiguredPublicKeys({ kind: 'ed25519', file })).toEqual([first.publicJwk()]);
  });

  it('agrees with all other first uses on one key', async () => {
    const signers = await Promise.all(
      Array.from({ length: 20 }, () => Ed25519FileSigner.open(file)),
    );

    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
    expect(signers.filter(({ created }) => created)).toHaveLength(1);
  });

  it('opens a key that openssl made', async () => {
    const made = join(directory, 'openssl.pem');
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', made]);

    const signer = await openSigner({ kind: 'ed25519', file: made });

    expect(signer).toMatchObject({ created: false, publicKeyFile: `${made}.pub.pem` });
    expect(execFileSync('openssl', ['pkey', '-in', made, '-pubout'], { encoding: 'utf8' })).toBe(
      signer.publicPem,
    );
  });

  it('signs what jose verifies, and verifies what jose signs', async () => {
    const signer = await Ed25519FileSigner.open(file);
    const input = signingInput(signer.kid, PAYLOAD);
    const jws = compactJws(input, await signer.sign(input));
    const { payload } = await compactVerify(
      jws,
      await importJWK({ ...signer.publicJwk() }, 'EdDSA'),
    );

    const theirs = await new CompactSign(Buffer.from(JSON.stringify(PAYLOAD)))
      .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid })
      .sign(await importPKCS8(await readFile(file, 'utf8'), 'EdDSA'));

    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(PAYLOAD);
    expect(theirs).toBe(Buffer.from(jws).toString());
    expect(signer.kid).toBe(await calculateJwkThumbprint({ ...signer.publicJwk() }));
    expect(checkSignature(Buffer.from(theirs), trustKeys([signer.publicJwk()])).kind).toBe('valid');
  });

  it.each([
    ['is no key', 'hello'],
    [
      'is of another kind',
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
    ],
    [
      'is a public key',
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
    ],
    [
      'is encrypted',
      generateKeyPairSync('ed25519').privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }),
    ],
  ])('refuses a file that %s, without quoting it', async (_, text) => {
    const wrong = join(directory, 'wrong.pem');
    await writeFile(wrong, text);

    const error: Error = await Ed25519FileSigner.open(wrong).then(
      () => new Error('opened'),
      (reason) => reason,
    );

    expect(error).toMatchObject({ code: 'SIGNING_KEY_INVALID' });
    expect(error.cause).toBeUndefined();
    expect(error.message).toContain(wrong);
    expect(error.message).toContain('openssl genpkey');
  });

  it('refuses a public key beside it that is not its own', async () => {
    await Ed25519FileSigner.open(file);
    await Ed25519FileSigner.open(join(directory, 'other.pem'));
    await writeFile(`${file}.pub.pem`, await readFile(join(directory, 'other.pem.pub.pem')));

    await expect(Ed25519FileSigner.open(file)).rejects.toMatchObject({
      code: 'SIGNING_KEY_INVALID',
    });
  });

  it('says what is the matter with a folder it cannot use', async () => {
    await writeFile(join(directory, 'plain'), '');

    await expect(Ed25519FileSigner.open(join(directory, 'plain', 'key.pem'))).rejects.toMatchObject(
      {
        code: 'SIGNING_KEY_INVALID',
        message: expect.stringContaining('ENOTDIR'),
      },
    );
    await chmod(directory, 0o700);
  });
});

describe('readPublicKeyFile', () => {
  const write = async (text: string): Promise<string> => {
    const path = join(directory, 'public');
    await writeFile(path, text);
    return path;
  };

  it('reads PEM, a JWK, and a JWK set', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    const rsa = await exportJWK(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));

    expect(await readPublicKeyFile(await write(pem))).toEqual([jwk]);
    expect(await readPublicKeyFile(await write(JSON.stringify({ ...jwk, kid: 'x' })))).toEqual([
      jwk,
    ]);
    expect(await readPublicKeyFile(await write(JSON.stringify({ keys: [rsa, jwk] })))).toEqual([
      jwk,
    ]);
  });

  it.each([
    ['nothing', '', /it is not an Ed25519 public key/],
    ['broken JSON', '{', /it is not an Ed25519 public key/],
    ['a set without such a key', '{"keys":[]}', /no Ed25519 key/],
    [
      'a private key',
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n',
      /private key/,
    ],
    ['a private JWK', '{"kty":"OKP","crv":"Ed25519","x":"AA","d":"secret"}', /private key/],
  ])('refuses %s', async (_, text, message) => {
    const path = await write(text);
    await expect(readPublicKeyFile(path)).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID' });
    await expect(readPublicKeyFile(path)).rejects.toThrow(message);
    await expect(readPublicKeyFile(path)).rejects.not.toThrow(/secret|MC4C/);
  });

  it('refuses a file that is not there', async () => {
    await expect(readPublicKeyFile(join(directory, 'absent'))).rejects.toThrow(/ENOENT/);
  });
});
