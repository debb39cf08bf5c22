import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  GetPublicKeyCommand,
  KMSClient,
  type KMSClientConfig,
  SignCommand,
} from '@aws-sdk/client-kms';
import type { Signer } from '../digest/ports.ts';
import { ArchiveError } from '../domain/errors.ts';
import { type PublicJwk, thumbprint } from '../domain/public-key.ts';
import { publicJwkOf } from './public-key-file.ts';

/** What `Sign` takes with `MessageType: RAW`; AWS refuses more, stand-ins may not. */
const MAX_MESSAGE_BYTES = 4_096;

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * A client for the region that the ARN names. Credentials and endpoint are looked up by the SDK as for every AWS tool.
 *
 * @param given - what must not be looked up
 */
export function createKmsClient(
  arn: string,
  given: Pick<KMSClientConfig, 'credentials' | 'endpoint'> = {},
): KMSClient {
  const region = arn.split(':')[3];
  return new KMSClient({
    ...(region ? { region } : {}),
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    },
    ...given,
  });
}

/**
 * An AWS KMS key of spec `ECC_NIST_EDWARDS25519`: the private half never leaves KMS. Needs `kms:GetPublicKey` and `kms:Sign` on it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export class KmsSigner implements Signer {
  readonly kid: string;
  /** In PEM form, for whoever verifies. */
  readonly publicPem: string;
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #publicKey: KeyObject;
  readonly #jwk: PublicJwk;

  private constructor(client: KMSClient, keyId: string, publicKey: KeyObject) {
    this.#client = client;
    this.#keyId = keyId;
    this.#publicKey = publicKey;
    this.#jwk = publicJwkOf(publicKey);
    this.kid = thumbprint(this.#jwk);
    this.publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /** @throws ArchiveError SIGNING_KEY_INVALID when it is another kind of key, SIGNING_FAILED when KMS does not answer */
  static async open(client: KMSClient, arn: string): Promise<KmsSigner> {
    const answer = await client.send(new GetPublicKeyCommand({ KeyId: arn })).catch((cause) => {
      throw failed(arn, 'read the public key of', 'kms:GetPublicKey', cause);
    });
    if (answer.KeySpec !== 'ECC_NIST_EDWARDS25519' || answer.KeyUsage !== 'SIGN_VERIFY') {
      throw new ArchiveError(
        'SIGNING_KEY_INVALID',
        `${arn} is a key of spec ${answer.KeySpec} for ${answer.KeyUsage}; signing.kms needs ECC_NIST_EDWARDS25519 for SIGN_VERIFY`,
      );
    }
    const der = Buffer.from(answer.PublicKey ?? []);
    return new KmsSigner(
      client,
      // An alias may be moved to another key while we work; the id of the key it names now may not.
      answer.KeyId ?? arn,
      createPublicKey({ key: der, format: 'der', type: 'spki' }),
    );
  }

  publicJwk(): PublicJwk {
    return this.#jwk;
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.byteLength > MAX_MESSAGE_BYTES) {
      throw new ArchiveError(
        'SIGNING_FAILED',
        `a message of ${bytes.byteLength} bytes is too long for KMS, which takes ${MAX_MESSAGE_BYTES}`,
      );
    }
    const { Signature: signature } = await this.#client
      .send(
        new SignCommand({
          KeyId: this.#keyId,
          Message: bytes,
          MessageType: 'RAW',
          SigningAlgorithm: 'ED25519_SHA_512',
        }),
      )
      .catch((cause) => {
        throw failed(this.#keyId, 'sign with', 'kms:Sign', cause);
      });
    // What is stored can never be replaced: a signature is proven before.
    if (signature === undefined || !verify(null, bytes, this.#publicKey, signature)) {
      throw new ArchiveError(
        'SIGNING_FAILED',
        `KMS signed with ${this.#keyId}, but the signature is not of its public key`,
      );
    }
    return signature;
  }
}

/** Names of KMS's errors that say something about the key or about our rights, so that trying again is no use. */
const OF_THE_KEY: ReadonlySet<string> = new Set([
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'InvalidKeyUsageException',
  'InvalidArnException',
  'UnsupportedOperationException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'CredentialsProviderError',
]);

function failed(key: string, tried: string, permission: string, cause: Error): ArchiveError {
  const ofTheKey = OF_THE_KEY.has(cause.name);
  return new ArchiveError(
    ofTheKey ? 'SIGNING_KEY_INVALID' : 'SIGNING_FAILED',
    `cannot ${tried} ${key} (${cause.name}); ${
      ofTheKey
        ? `check signing.kms, that the key is enabled, and that this role may ${permission}`
        : 'check network and credentials, then run digest again'
    }`,
    { cause },
  );
}
