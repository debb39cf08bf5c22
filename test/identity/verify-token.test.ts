import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { createTokenVerifier } from '../../lib/identity/verify-token.ts';

const NOW = new Date('2026-03-31T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const ISSUER = 'https://uaa.example.org/oauth/token';

const pair = (bits = 2048) => generateKeyPairSync('rsa', { modulusLength: bits });
const [OWN, NEXT, FOREIGN] = [pair(), pair(), pair()];

const pem = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' })).trim();

/** As UAA prints it: `n` with a leading zero byte. */
function entry(key: KeyObject, kid?: string): Record<string, unknown> {
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

let uaa: { keys: unknown[]; asked: number; down: boolean };
let elapsed: number;
let verify: ReturnType<typeof createTokenVerifier>;
beforeEach(() => {
  uaa = { keys: [entry(OWN.publicKey, 'key-1')], asked: 0, down: false };
  elapsed = 0;
  verify = createTokenVerifier({
    provider: {
      configuration: async () => ({ issuer: ISSUER, jwks_uri: 'https://elsewhere.example.org' }),
      async tokenKeys() {
        uaa.asked += 1;
        if (uaa.down) throw new ArchiveError('CF_UNREACHABLE', 'connect ECONNREFUSED');
        return { keys: uaa.keys };
      },
    },
    now: () => NOW,
    elapsedMs: () => elapsed,
  });
});

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

const aToken = ({ claims, header, key = OWN.privateKey }: Forged = {}): Promise<string> =>
  new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })
    .sign(key);

const base64url = (document: unknown): string =>
  Buffer.from(JSON.stringify(document)).toString('base64url');

/** HS256 with the bytes of the public key for a secret: what a careless library takes for signed. */
function signedWithPublicKey(secret: string): string {
  const input = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(CLAIMS)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

async function refusal(authorization: string | undefined): Promise<ArchiveError> {
  const error = await verify(authorization).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ArchiveError);
  return error as ArchiveError;
}

describe('createTokenVerifier', () => {
  it('says who asks, a user or a client by itself', async () => {
    const token = await aToken();
    const client = await aToken({ claims: { user_id: undefined, user_name: undefined } });

    await expect(verify(`bearer ${token}`)).resolves.toEqual({
      userGuid: 'u-1',
      userName: 'ann',
      clientId: 'cf',
      scopes: ['openid', 'cloud_controller.read'],
      token,
    });
    await expect(verify(`Bearer ${client}`)).resolves.toMatchObject({
      userGuid: 'cf',
      userName: undefined,
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another scheme', 'Basic Y2Y6'],
  ])('misses a token in %s', async (_what, header) => {
    expect(await refusal(header)).toMatchObject({ code: 'TOKEN_MISSING' });
  });

  const forgeries: [string, () => Promise<string> | string][] = [
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

  it.each(forgeries)('refuses a token %s', async (_what, forge) => {
    const token = await forge();

    const error = await refusal(`bearer ${token}`);

    expect(error.code).toBe('TOKEN_INVALID');
    // Neither what people read nor what a log prints of it holds anything of the token.
    const printed = `${error.message} ${error.stack} ${String(error.cause ?? '')}`;
    for (const part of token.split('.').filter(({ length }) => length > 8)) {
      expect(printed).not.toContain(part);
    }
  });

  it('lets nobody in without one of the four scopes', async () => {
    const token = await aToken({ claims: { scope: ['cloud_controller.write', 'openid'] } });

    expect(await refusal(`bearer ${token}`)).toMatchObject({ code: 'SCOPE_INSUFFICIENT' });
  });

  it.each([
    ['a PEM alone', { kty: 'RSA', kid: 'key-1', value: pem(OWN.publicKey) }],
    ['the old name of the algorithm', { ...entry(OWN.publicKey, 'key-1'), alg: 'SHA256withRSA' }],
    ['no kid', { alg: 'SHA256withRSA', value: pem(OWN.publicKey) }],
  ])('takes a key with %s', async (_what, key) => {
    uaa.keys = [{ kty: 'MAC', kid: 'key-1', alg: 'HMACSHA256', value: 'secret' }, key];

    await expect(verify(`bearer ${await aToken()}`)).resolves.toMatchObject({ userGuid: 'u-1' });
  });

  it('takes a token without kid, and RS512', async () => {
    const token = await aToken({ header: { kid: undefined, alg: 'RS512' } });

    await expect(verify(`bearer ${token}`)).resolves.toMatchObject({ userGuid: 'u-1' });
  });

  it('takes no key that is too small to be one', async () => {
    uaa.keys = [entry(pair(1024).publicKey, 'key-1')];

    expect(await refusal(`bearer ${await aToken()}`)).toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
    });
  });

  it('asks UAA once for many tokens, and again after a minute: a withdrawn key is not trusted for longer', async () => {
    const token = `bearer ${await aToken()}`;

    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    elapsed = 59_999;
    await verify(token);
    expect(uaa.asked).toBe(1);
    uaa.keys = [entry(NEXT.publicKey, 'key-2')];
    elapsed = 60_000;

    expect(await refusal(token)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(uaa.asked).toBe(2);
  });

  it('finds a new key at once, by an unknown kid and by one that was given again', async () => {
    await verify(`bearer ${await aToken()}`);
    elapsed = 5_000;
    uaa.keys = [entry(OWN.publicKey, 'key-1'), entry(NEXT.publicKey, 'key-2')];
    const rotated = await aToken({ key: NEXT.privateKey, header: { kid: 'key-2' } });
    await expect(verify(`bearer ${rotated}`)).resolves.toMatchObject({ userGuid: 'u-1' });
    elapsed = 10_000;
    uaa.keys = [entry(FOREIGN.publicKey, 'key-1')];

    const again = await aToken({ key: FOREIGN.privateKey });

    await expect(verify(`bearer ${again}`)).resolves.toMatchObject({ userGuid: 'u-1' });
    expect(uaa.asked).toBe(3);
  });

  it('does not ask UAA for every forged token', async () => {
    const forged = `bearer ${await aToken({ key: FOREIGN.privateKey, header: { kid: 'key-9' } })}`;

    for (let turn = 0; turn < 50; turn += 1) await refusal(forged);
    expect(uaa.asked).toBe(1);
    elapsed = 5_000;
    for (let turn = 0; turn < 50; turn += 1) await refusal(forged);

    expect(uaa.asked).toBe(2);
  });

  it('says that UAA cannot be asked, and asks again next time', async () => {
    const token = `bearer ${await aToken()}`;
    uaa.down = true;

    const error = await refusal(token);
    uaa.down = false;

    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', retryable: true });
    await expect(verify(token)).resolves.toMatchObject({ userGuid: 'u-1' });
  });
});

function changed(token: string, part: number): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const middle = Math.floor(text.length / 2);
  parts[part] =
    `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
  return parts.join('.');
}
