import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-keys.ts';

/** Who a token is for. A client acting by itself has no user. */
export interface TokenSubject {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly user?: {
    readonly guid: string;
    readonly username: string;
    readonly email: string | null;
    readonly origin: string;
  };
}

export interface IssueOptions {
  readonly uaaUrl: string;
  readonly key: SigningKey;
  readonly grantType: string;
  readonly lifetimeSeconds: number;
  /** Its `jti` ends in `-r`, which is all that tells it from an access token (CC §9). */
  readonly isRefreshToken?: boolean;
  /** Put over the claims, for tokens that are wrong on purpose; `undefined` removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface IssuedToken {
  readonly text: string;
  readonly jti: string;
}

/** Sign a token with the claims of UAA (CC §9). `iat` and `exp` follow the real clock, because clients check them against theirs. */
export async function issueToken(
  subject: TokenSubject,
  options: IssueOptions,
): Promise<IssuedToken> {
  const { clientId, scopes, user } = subject;
  const jti = randomUUID().replaceAll('-', '') + (options.isRefreshToken ? '-r' : '');
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = {
    jti,
    sub: user?.guid ?? clientId,
    ...(user === undefined ? { authorities: scopes } : {}),
    scope: scopes,
    client_id: clientId,
    cid: clientId,
    azp: clientId,
    grant_type: options.grantType,
    ...(user === undefined ? {} : userClaims(user, issuedAt)),
    rev_sig: randomBytes(4).toString('hex'),
    iat: issuedAt,
    exp: issuedAt + options.lifetimeSeconds,
    iss: `${options.uaaUrl}/oauth/token`,
    zid: 'uaa',
    aud: audiences(clientId, scopes),
    ...options.claims,
  };
  const text = await new SignJWT(claims)
    // The scheme of `jku` is wrong, as it is on a real UAA behind a proxy: nobody may follow it.
    .setProtectedHeader({
      alg: 'RS256',
      jku: `${options.uaaUrl.replace('http:', 'https:')}/token_keys`,
      kid: options.key.kid,
      typ: 'JWT',
    })
    .sign(options.key.privateKey);
  return { text, jti };
}

function userClaims(user: NonNullable<TokenSubject['user']>, authenticatedAt: number) {
  const { guid, username, email, origin } = user;
  return {
    user_id: guid,
    origin,
    user_name: username,
    ...(email === null ? {} : { email }),
    auth_time: authenticatedAt,
  };
}

/** UAA's audiences: the client, and what stands before the last dot of each scope. */
function audiences(clientId: string, scopes: readonly string[]): string[] {
  const resources = scopes
    .filter((scope) => scope.includes('.'))
    .map((scope) => scope.slice(0, scope.lastIndexOf('.')));
  return [...new Set([...resources, clientId])];
}
