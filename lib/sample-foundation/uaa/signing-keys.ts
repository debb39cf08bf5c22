import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let firstPair: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined;

/** UAA's keys: the newest signs, all verify. */
export class SigningKeys {
  readonly #keys: SigningKey[] = [];

  /** Making an RSA key takes a tenth of a second and more, so the foundations of one process share their first; tokens still differ by issuer. */
  static async create(): Promise<SigningKeys> {
    firstPair ??= newPair();
    const keys = new SigningKeys();
    keys.#keys.push({ kid: 'key-1', ...(await firstPair) });
    return keys;
  }

  get active(): SigningKey {
    const key = this.#keys.at(-1);
    if (key === undefined) throw new Error('UAA has no signing key.');
    return key;
  }

  get all(): readonly SigningKey[] {
    return this.#keys;
  }

  /** Sign with a new key from now on. The old ones stay among the token keys unless `forgetOld`. */
  async rotate({ forgetOld = false } = {}): Promise<void> {
    const kid = `key-${Number(this.active.kid.slice(4)) + 1}`;
    const pair = await newPair();
    if (forgetOld) this.#keys.length = 0;
    this.#keys.push({ kid, ...pair });
  }
}

async function newPair() {
  return await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
}

/** One entry of `/token_keys`. `n` starts with a zero byte, against the RFC, as UAA's does (Java prints a signed number). */
export function tokenKeyDocument({ kid, publicKey }: SigningKey): Record<string, string> {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]);
  return {
    kty: 'RSA',
    e,
    use: 'sig',
    kid,
    alg: 'RS256',
    value: String(publicKey.export({ format: 'pem', type: 'spki' })).trim(),
    n: modulus.toString('base64url'),
  };
}
