import { generateKeyPairSync, sign } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createKmsClient, KmsSigner } from '../../lib/signing/kms-signer.ts';

const ALIAS = 'arn:aws:kms:eu-central-1:123456789012:alias/audit-archive';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

const kms = mockClient(KMSClient);
const client = new KMSClient({ region: 'eu-central-1' });

beforeEach(() => {
  kms.reset();
  kms.on(GetPublicKeyCommand).resolves({
    KeyId: KEY,
    KeySpec: 'ECC_NIST_EDWARDS25519',
    KeyUsage: 'SIGN_VERIFY',
    PublicKey: publicKey.export({ type: 'spki', format: 'der' }),
  });
  kms
    .on(SignCommand)
    .callsFake(async ({ Message }) => ({ Signature: sign(null, Message, privateKey) }));
});

const named = (name: string): Error => Object.assign(new Error('no'), { name });

describe('KmsSigner', () => {
  it('asks for the public key, and then for a plain Ed25519 signature of the very bytes', async () => {
    const signer = await KmsSigner.open(client, ALIAS);
    const signature = await signer.sign(Buffer.from('header.payload'));

    expect(
      kms.calls().map(({ args: [command] }) => [command.constructor.name, command.input]),
    ).toEqual([
      ['GetPublicKeyCommand', { KeyId: ALIAS }],
      [
        'SignCommand',
        {
          KeyId: KEY,
          Message: Buffer.from('header.payload'),
          MessageType: 'RAW',
          SigningAlgorithm: 'ED25519_SHA_512',
        },
      ],
    ]);
    expect(Buffer.from(signature)).toEqual(sign(null, Buffer.from('header.payload'), privateKey));
    expect(signer.publicJwk()).toEqual(publicKey.export({ format: 'jwk' }));
  });

  it('takes 4,096 bytes, and asks nothing for more', async () => {
    const signer = await KmsSigner.open(client, ALIAS);

    await signer.sign(new Uint8Array(4_096));
    await expect(signer.sign(new Uint8Array(4_097))).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
    });
    expect(kms.commandCalls(SignCommand)).toHaveLength(1);
  });

  it('refuses a key of another spec', async () => {
    kms
      .on(GetPublicKeyCommand)
      .resolves({ KeyId: KEY, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });

    await expect(KmsSigner.open(client, ALIAS)).rejects.toMatchObject({
      code: 'SIGNING_KEY_INVALID',
      message: expect.stringContaining('ECC_NIST_P256'),
    });
  });

  it('refuses a signature that is not of its public key: what is stored stays', async () => {
    kms.on(SignCommand).resolves({ Signature: new Uint8Array(64) });
    const signer = await KmsSigner.open(client, ALIAS);

    await expect(signer.sign(Buffer.from('x'))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
  });

  it.each([
    ['AccessDeniedException', 'SIGNING_KEY_INVALID', 'kms:Sign'],
    ['DisabledException', 'SIGNING_KEY_INVALID', 'enabled'],
    ['KMSInternalException', 'SIGNING_FAILED', 'run digest again'],
    ['TimeoutError', 'SIGNING_FAILED', 'network'],
  ])('says what to do about %s', async (name, code, advice) => {
    kms.on(SignCommand).rejects(named(name));
    const signer = await KmsSigner.open(client, ALIAS);

    await expect(signer.sign(Buffer.from('x'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(advice),
    });
  });

  it('needs the right to read the public key', async () => {
    kms.on(GetPublicKeyCommand).rejects(named('AccessDeniedException'));

    await expect(KmsSigner.open(client, ALIAS)).rejects.toThrow('kms:GetPublicKey');
  });
});

describe('createKmsClient', () => {
  it('goes to the region of the key', async () => {
    expect(await createKmsClient(ALIAS).config.region()).toBe('eu-central-1');
  });
});
