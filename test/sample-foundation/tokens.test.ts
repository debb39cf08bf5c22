import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { aClientWith } from '../support/sample-foundation/cloud-controller-client.ts';
import { aUserRecord, theRecords } from '../support/sample-foundation/records.ts';

let foundation: SampleFoundation;

beforeAll(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-31T00:00:00Z'),
    tokenLifetimeSeconds: 600,
    records: theRecords({
      users: [aUserRecord('u1', { username: 'anna', password: 'p:w ü', origin: 'ldap' })],
      clients: [
        ARCHIVER_CLIENT,
        { id: 'odd:one', secret: 's€cret', authorities: ['cloud_controller.read'] },
      ],
    }),
  });
});

afterAll(() => foundation.close());

const { id, secret } = ARCHIVER_CLIENT;
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

async function ask(form: Record<string, string>, headers: Record<string, string> = {}, query = '') {
  const url = `${foundation.uaaUrl}/oauth/token${query}`;
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const password = (over: Record<string, string> = {}, query = '') =>
  ask(
    { grant_type: 'password', username: 'anna', password: 'p:w ü', ...over },
    basic('cf', ''),
    query,
  );

describe('CC §9 POST /oauth/token', () => {
  it('gives a client its token by form, without a refresh token', async () => {
    const { status, body } = await ask({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 599,
      scope: 'cloud_controller.admin_read_only',
      jti: decodeJwt(body.access_token ?? '').jti,
    });
  });

  it.each([
    ['plain', 'odd:one', 's€cret'],
    ['form-encoded as RFC 6749 says', 'odd%3Aone', 's%E2%82%ACcret'],
  ])('gives a client its token by HTTP Basic, %s', async (_, user, pass) => {
    const { status } = await ask({ grant_type: 'client_credentials' }, basic(user, pass));

    // A colon in the id cannot be sent plainly.
    expect(status).toBe(user.includes(':') ? 401 : 200);
  });

  it('gives a user tokens by password, with the claims of a user', async () => {
    const { status, body } = await password();
    const claims = decodeJwt(body.access_token ?? '');

    expect(status).toBe(200);
    expect(claims).toMatchObject({
      sub: 'u1',
      user_id: 'u1',
      user_name: 'anna',
      email: 'u1@example.org',
      origin: 'ldap',
      client_id: 'cf',
      cid: 'cf',
      azp: 'cf',
      grant_type: 'password',
      zid: 'uaa',
      iss: `${foundation.uaaUrl}/oauth/token`,
    });
    expect(claims.aud).toContain('cloud_controller');
    expect(claims.scope).toContain('cloud_controller.read');
    expect(claims.auth_time).toBe(claims.iat);
    expect(claims).not.toHaveProperty('authorities');
  });

  it('has in client tokens authorities and no user', async () => {
    const claims = decodeJwt(await foundation.uaa.token());

    expect(claims).toMatchObject({
      sub: id,
      client_id: id,
      authorities: ['cloud_controller.admin_read_only'],
      scope: ['cloud_controller.admin_read_only'],
      aud: ['cloud_controller', id],
    });
    for (const claim of ['user_id', 'user_name', 'email', 'origin']) {
      expect(claims).not.toHaveProperty(claim);
    }
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
  });

  it('renews by refresh token, and gives a new one', async () => {
    const first = await password();
    const form = { grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' };

    const { status, body } = await ask(form, basic('cf', ''));

    expect(status).toBe(200);
    expect(decodeJwt(body.access_token ?? '')).toMatchObject({ user_id: 'u1' });
    expect(decodeJwt(body.refresh_token ?? '').jti).toMatch(/-r$/);
  });

  it('takes the origin of the login hint into account', async () => {
    const hint = (origin: string) =>
      `?login_hint=${encodeURIComponent(JSON.stringify({ origin }))}`;

    expect((await password({}, hint('ldap'))).status).toBe(200);
    expect((await password({}, hint('uaa'))).status).toBe(401);
  });

  const bad = 'Bad credentials';
  it.each([
    [
      'a wrong secret in the form',
      { grant_type: 'client_credentials', client_id: id, client_secret: 'x' },
      {},
      401,
      'invalid_client',
      bad,
    ],
    [
      'an unknown client',
      { grant_type: 'client_credentials', client_id: 'x', client_secret: 'x' },
      {},
      401,
      'invalid_client',
      bad,
    ],
    [
      'a wrong secret by Basic',
      { grant_type: 'client_credentials' },
      basic(id, 'x'),
      401,
      'unauthorized',
      bad,
    ],
    ['no client', { grant_type: 'client_credentials' }, {}, 401, 'unauthorized', bad],
    [
      'a wrong password',
      { grant_type: 'password', username: 'anna', password: 'x' },
      basic('cf', ''),
      401,
      'unauthorized',
      bad,
    ],
    [
      'an unknown user',
      { grant_type: 'password', username: 'x', password: 'x' },
      basic('cf', ''),
      401,
      'unauthorized',
      bad,
    ],
    [
      'no refresh token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      basic('cf', ''),
      401,
      'invalid_token',
      'The token expired, was revoked, or the token ID is incorrect.',
    ],
    [
      'a grant the client may not use',
      { grant_type: 'client_credentials' },
      basic('cf', ''),
      401,
      'unauthorized_client',
      'Unauthorized grant type: client_credentials',
    ],
    ['no grant', {}, basic('cf', ''), 400, 'invalid_request', 'Missing grant type'],
    [
      'an unknown grant',
      { grant_type: 'x' },
      basic('cf', ''),
      400,
      'unsupported_grant_type',
      'Unsupported grant type',
    ],
  ])('refuses %s', async (_, form, headers, status, error, description) => {
    const refused = await ask(form as Record<string, string>, headers as Record<string, string>);

    expect(refused).toEqual({ status, body: { error, error_description: description } });
  });
});

describe('CC §9 keys and discovery', () => {
  const get = async (path: string) => {
    const response = await fetch(`${foundation.uaaUrl}${path}`);
    return (await response.json()) as { keys: Record<string, string>[]; prompts: unknown };
  };

  it('shows its keys with PEM, and n with a leading zero byte', async () => {
    const { keys } = await get('/token_keys');

    expect(keys).toEqual([
      {
        kty: 'RSA',
        e: 'AQAB',
        use: 'sig',
        kid: 'key-1',
        alg: 'RS256',
        value: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
        n: expect.any(String),
      },
    ]);
    expect(Buffer.from(keys[0]?.n ?? '', 'base64url')[0]).toBe(0);
    expect(await get('/token_key')).toEqual(keys[0]);
  });

  it('signs tokens that jose verifies from them', async () => {
    const token = await foundation.uaa.token();
    const keys = createRemoteJWKSet(new URL(`${foundation.uaaUrl}/token_keys`));
    const expected = { issuer: `${foundation.uaaUrl}/oauth/token`, audience: 'cloud_controller' };

    await expect(jwtVerify(token, keys, expected)).resolves.toBeDefined();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: 'key-1', typ: 'JWT' });
    expect(decodeProtectedHeader(token).jku).toMatch(/^https:/);
  });

  it.each(['/.well-known/openid-configuration', '/oauth/token/.well-known/openid-configuration'])(
    'tells its issuer at %s',
    async (path) => {
      expect(await get(path)).toMatchObject({
        issuer: `${foundation.uaaUrl}/oauth/token`,
        jwks_uri: `${foundation.uaaUrl}/token_keys`,
      });
    },
  );

  it('has the prompts of cf login', async () => {
    expect((await get('/login')).prompts).toEqual({
      username: ['text', 'Email'],
      password: ['password', 'Password'],
    });
  });
});

describe('CC §9 what Cloud Controller checks', () => {
  const status = async (authorization: string) =>
    (await aClientWith(foundation, authorization).get('/v3/audit_events')).status;

  it.each(['bearer', 'Bearer', 'BEARER'])('takes a good token after "%s"', async (scheme) => {
    expect(await status(`${scheme} ${await foundation.uaa.token()}`)).toBe(200);
  });

  it.each([
    ['expired', { lifetimeSeconds: -1 }],
    ['for another audience', { claims: { aud: ['uaa'] } }],
    ['of another issuer', { claims: { iss: 'https://uaa.example.org/oauth/token' } }],
    ['a refresh token', { refresh: true }],
    ['without jti', { claims: { jti: undefined } }],
  ])('refuses a token that is %s', async (_, request) => {
    expect(await status(`bearer ${await foundation.uaa.token(request)}`)).toBe(401);
  });

  it('refuses a token whose content was changed, or that nobody signed', async () => {
    const [header, payload, signature] = (await foundation.uaa.token()).split('.');
    const claims = {
      ...decodeJwt(`${header}.${payload}.${signature}`),
      scope: ['cloud_controller.admin'],
    };
    const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');

    expect(await status(`bearer ${header}.${changed}.${signature}`)).toBe(401);
    expect(await status(`bearer ${none}.${payload}.`)).toBe(401);
  });

  it('refuses all tokens issued so far once they are expired, and takes new ones', async () => {
    const before = await foundation.uaa.token();
    foundation.uaa.expireTokens();
    const after = await foundation.uaa.token();

    expect(await status(`bearer ${before}`)).toBe(401);
    expect(await status(`bearer ${after}`)).toBe(200);
  });

  it('takes tokens of the old key after a rotation, unless it is forgotten', async () => {
    const old = await foundation.uaa.token();
    await foundation.uaa.rotateKey();
    expect(await status(`bearer ${old}`)).toBe(200);
    expect(decodeProtectedHeader(await foundation.uaa.token()).kid).toBe('key-2');

    await foundation.uaa.rotateKey({ forgetOld: true });

    expect(await status(`bearer ${old}`)).toBe(401);
    expect(await status(`bearer ${await foundation.uaa.token()}`)).toBe(200);
  });
});
