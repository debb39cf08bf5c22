import { CreateKeyCommand, type KeySpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, importSPKI } from 'jose';
import { trustKeys } from '../../lib/digest/check-signature.ts';
import { createKmsClient, KmsSigner } from '../../lib/signing/kms-signer.ts';
import { ArchiveRig } from '../digest/support/archive-rig.ts';
import { type S3Server, s3ServerAbsence, startS3Server } from '../support/s3-server/s3-server.ts';

const REGION_ARN = 'arn:aws:kms:us-east-1:000000000000:key/any';

const absence = s3ServerAbsence();
const suite = absence === undefined ? describe : describe.skip;

suite(absence ?? 'KMS', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server?.close());

  const client = () =>
    createKmsClient(REGION_ARN, {
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  const createKey = async (KeySpec: KeySpec): Promise<string> => {
    const { KeyMetadata } = await client().send(
      new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }),
    );
    return KeyMetadata?.Arn ?? '';
  };

  it('signs digests that jose and verify check offline', async () => {
    const signer = await KmsSigner.open(client(), await createKey('ECC_NIST_EDWARDS25519'));
    const rig = await ArchiveRig.open();
    await rig.at('2026-03-02T05:00:00Z').revision('2026-03-01', ['a1']);

    await rig.at('2026-03-02T06:00:00Z').digest({ signer });

    const jws = rig.store.text('digests/v1/foundation=eu-1/2026-03-02.jws');
    const { protectedHeader } = await compactVerify(
      jws,
      await importSPKI(signer.publicPem, 'EdDSA'),
    );
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: signer.kid });
    expect((await rig.verify({ keys: trustKeys([signer.publicJwk()]) })).findings).toEqual([]);
    await rig.close();
  });

  it('refuses a key of another spec, and one that is not there', async () => {
    await expect(KmsSigner.open(client(), await createKey('ECC_NIST_P256'))).rejects.toMatchObject({
      code: 'SIGNING_KEY_INVALID',
    });
    await expect(
      KmsSigner.open(client(), `${REGION_ARN.slice(0, -3)}01234567-89ab-cdef-0123-456789abcdef`),
    ).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID' });
  });
});
