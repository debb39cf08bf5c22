import { beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { createTokenVerifier } from '../../lib/identity/verify-token.ts';
import {
  aToken,
  entry,
  FOREIGN,
  FORGERIES,
  ISSUER,
  NEXT,
  NOW,
  OWN,
  pair,
  pem,
} from '../support/forged-tokens.ts';

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

  it.each(FORGERIES)('refuses a token %s', async (_what, forge) => {
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
