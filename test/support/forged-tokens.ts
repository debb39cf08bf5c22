import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

export const NOW = new Date('2026-03-31T12:00:00Z');
export const SECONDS = NOW.getTime() / 1000;
export const ISSUER = 'https://uaa.example.org/oauth/token';

export const pair = (bits = 2048) => generateKeyPairSync('rsa', { modulusLength: bits });
export const [OWN, NEXT, FOREIGN] = [pair(), pair(), pair()];

export const pem = (key: KeyObject): string =>
  String(key.export({ type: 'spki', format: 'pem' })).trim();

/** As UAA prints it: `n` with a leading zero byte. */
export function entry(key: KeyObject, kid?: string): Record<string, unknown> {
  const { n = '', e } = key.export({ format: 'jwk' });
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]).toString('base64url');
  return {
    kty: 'RSA',
    use: 'sig',
    alg: 'RS256',
    value: pem(key),
    n: modulus,
    e,
    ...(kid && { kid }),
  };
}

const CLAIMS = {
  jti: '0123456789abcdef',
  sub: 'u-1',
  user_id: 'u-1',
  user_name: 'ann',
  client_id: 'cf',
  scope: ['openid', 'cloud_controller.read'],
  iss: ISSUER,
  aud: ['cloud_controller', 'cf'],
  iat: SECONDS - 60,
  exp: SECONDS + 600,
};

interface Forged {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: KeyObject;
}

export const aToken = ({ claims, header, key = OWN.privateKey }: Forged = {}): Promise<string> =>
  new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })
    .sign(key);

export const base64url = (document: unknown): string =>
  Buffer.from(JSON.stringify(document)).toString('base64url');

/** HS256 with the bytes of the public key for a secret: what a careless library takes for signed. */
function signedWithPublicKey(secret: string): string {
  const input = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(CLAIMS)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Tokens that nobody must take, and what is wrong with each. */
export const FORGERIES: readonly (readonly [
  what: string,
  forge: () => Promise<string> | string,
])[] = [
  ['of no algorithm', () => `${base64url({ alg: 'none' })}.${base64url(CLAIMS)}.`],
  ['of no algorithm, in capitals', () => `${base64url({ alg: 'NONE' })}.${base64url(CLAIMS)}.`],
  ['without an algorithm', () => `${base64url({ kid: 'key-1' })}.${base64url(CLAIMS)}.`],
  ['HS256 with the public key as PEM', () => signedWithPublicKey(pem(OWN.publicKey))],
  ['HS256 with PEM and line end', () => signedWithPublicKey(`${pem(OWN.publicKey)}\n`)],
  [
    'HS256 with the modulus',
    () => signedWithPublicKey(String(OWN.publicKey.export({ format: 'jwk' }).n)),
  ],
  ['of an algorithm not on the list', () => aToken({ header: { alg: 'PS256' } })],
  ['of another issuer', () => aToken({ claims: { iss: 'https://uaa.evil.org/oauth/token' } })],
  ['without an issuer', () => aToken({ claims: { iss: undefined } })],
  ['for another audience', () => aToken({ claims: { aud: ['uaa', 'cf'] } })],
  [
    'for an audience that only begins alike',
    () => aToken({ claims: { aud: 'cloud_controller2' } }),
  ],
  ['without an audience', () => aToken({ claims: { aud: undefined } })],
  ['that has just expired', () => aToken({ claims: { exp: SECONDS } })],
  ['without an end', () => aToken({ claims: { exp: undefined } })],
  ['with an end that is text', () => aToken({ claims: { exp: '9999999999' } })],
  ['that is not valid yet', () => aToken({ claims: { nbf: SECONDS + 1 } })],
  ['that is a refresh token', () => aToken({ claims: { jti: '0123456789abcdef-r' } })],
  ['without jti', () => aToken({ claims: { jti: undefined } })],
  ['with scopes as text', () => aToken({ claims: { scope: 'cloud_controller.admin' } })],
  ['without scopes', () => aToken({ claims: { scope: undefined } })],
  ['without a client', () => aToken({ claims: { client_id: undefined } })],
  ['with an empty user', () => aToken({ claims: { user_id: '' } })],
  ['of the key of another foundation', () => aToken({ key: FOREIGN.privateKey })],
  [
    'that brings its key by jku',
    () => aToken({ key: FOREIGN.privateKey, header: { jku: 'https://evil.example.org/keys' } }),
  ],
  [
    'that brings its key by jwk',
    () =>
      aToken({
        key: FOREIGN.privateKey,
        header: { jwk: FOREIGN.publicKey.export({ format: 'jwk' }) },
      }),
  ],
  [
    'with a critical header nobody knows',
    () => `${base64url({ alg: 'RS256', crit: ['x'], x: 1 })}.${base64url(CLAIMS)}.AAAA`,
  ],
  ['with changed claims', async () => changed(await aToken(), 1)],
  ['with a changed signature', async () => changed(await aToken(), 2)],
  ['with a part too many', async () => `${await aToken()}.AAAA`],
  ['that is malformed', () => 'a.b.c'],
  ['that is empty', () => ''],
  ['that is no JWT', () => 'opaque'],
  ['that is oversized', () => aToken({ claims: { pad: 'x'.repeat(20_000) } })],
];

function changed(token: string, part: number): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const middle = Math.floor(text.length / 2);
  parts[part] =
    `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
  return parts.join('.');
}
