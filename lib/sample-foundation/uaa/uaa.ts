import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { FoundationDatabase } from '../database/foundation-database.ts';
import { type IssuedToken, issueToken, type TokenSubject } from './issue-token.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What UAA refuses: its `error`, `error_description` and HTTP status. */
export class UaaError extends Error {
  override readonly name = 'UaaError';
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.status = status;
    this.error = error;
  }
}

export interface UaaSettings {
  readonly database: FoundationDatabase;
  readonly keys: SigningKeys;
  readonly tokenLifetimeSeconds: number;
  readonly refreshTokenLifetimeSeconds: number;
  /** Known only once the server listens. */
  readonly url: () => string;
}

/** A token made for a test, without asking for it over HTTP. */
export interface TokenRequest {
  /** A client of the foundation, or any id. Default: `cf` with a user, else the first client. */
  readonly clientId?: string;
  /** A user of the foundation. */
  readonly userGuid?: string;
  /** Default: what the user or client has. */
  readonly scopes?: readonly string[];
  /** Negative: already expired. */
  readonly lifetimeSeconds?: number;
  /** A refresh token, which nobody may accept as an access token. */
  readonly refresh?: boolean;
  /** Put over the claims; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What a user's token holds unless the record names its scopes. */
const USER_SCOPES = [
  'openid',
  'cloud_controller.read',
  'cloud_controller.write',
  'password.write',
  'uaa.user',
];

/** The one client that may act for users; its secret is empty. */
const CF_CLIENT = 'cf';

/** The foundation's UAA: who exists and what they may get. The routes are in `routes.ts`. */
export class Uaa {
  readonly #settings: UaaSettings;
  readonly #issued = new Set<string>();
  readonly #expired = new Set<string>();

  constructor(settings: UaaSettings) {
    this.#settings = settings;
  }

  get url(): string {
    return this.#settings.url();
  }

  get keys(): SigningKeys {
    return this.#settings.keys;
  }

  get tokenLifetimeSeconds(): number {
    return this.#settings.tokenLifetimeSeconds;
  }

  /** Every access token issued so far becomes invalid at Cloud Controller, as if its time were over. */
  expireTokens(): void {
    for (const jti of this.#issued) this.#expired.add(jti);
    this.#issued.clear();
  }

  /** Was this token expired by `expireTokens`? */
  isExpired(jti: string): boolean {
    return this.#expired.has(jti);
  }

  /** Sign with a new key from now on. The old ones stay among the token keys unless `forgetOld`. */
  async rotateKey(options: { forgetOld?: boolean } = {}): Promise<void> {
    await this.keys.rotate(options);
  }

  /** The text of a token for a test: of any subject, with any scopes, or wrong on purpose. */
  async token(request: TokenRequest = {}): Promise<string> {
    const subject =
      request.userGuid === undefined
        ? this.#clientSubject(request.clientId ?? this.#firstClient())
        : this.#userSubject(request.userGuid, request.clientId);
    const issued = await this.#issue(
      { ...subject, scopes: request.scopes ?? subject.scopes },
      request.userGuid === undefined ? 'client_credentials' : 'password',
      request,
    );
    return issued.text;
  }

  /** @throws UaaError unless the client exists with this secret. `how` decides which error UAA answers with */
  checkClient(id: string | undefined, secret: string, how: 'basic' | 'form'): string {
    const known =
      id === CF_CLIENT
        ? ''
        : this.#row('SELECT secret FROM clients WHERE id = ?', id ?? '')?.secret;
    if (id === undefined || known === undefined || !sameText(String(known), secret)) {
      throw new UaaError(
        401,
        how === 'basic' ? 'unauthorized' : 'invalid_client',
        'Bad credentials',
      );
    }
    return id;
  }

  async clientCredentials(clientId: string) {
    this.#refuseUnless(clientId !== CF_CLIENT, 'client_credentials');
    const subject = this.#clientSubject(clientId);
    return this.#answer(subject, await this.#issue(subject, 'client_credentials'));
  }

  /** @param origin - of the login hint; undefined: any */
  async password(clientId: string, username: string, password: string, origin: string | undefined) {
    this.#refuseUnless(clientId === CF_CLIENT, 'password');
    const user = this.#row('SELECT guid, password, origin FROM users WHERE username = ?', username);
    const isRight =
      typeof user?.password === 'string' &&
      sameText(user.password, password) &&
      (origin === undefined || origin === user.origin);
    if (!isRight) throw new UaaError(401, 'unauthorized', 'Bad credentials');
    const subject = this.#userSubject(String(user?.guid), clientId);
    return await this.#withRefreshToken(subject, 'password');
  }

  async refresh(clientId: string, refreshToken: string) {
    this.#refuseUnless(clientId === CF_CLIENT, 'refresh_token');
    const guid = await this.#refreshedUser(refreshToken);
    return await this.#withRefreshToken(this.#userSubject(guid, clientId), 'password');
  }

  async #refreshedUser(refreshToken: string): Promise<string> {
    for (const key of this.keys.all) {
      const verified = await jwtVerify(refreshToken, key.publicKey, {
        algorithms: ['RS256'],
      }).catch(() => undefined);
      const payload = verified?.payload;
      if (payload?.jti?.endsWith('-r') && typeof payload.user_id === 'string')
        return payload.user_id;
    }
    throw new UaaError(
      401,
      'invalid_token',
      'The token expired, was revoked, or the token ID is incorrect.',
    );
  }

  async #withRefreshToken(subject: TokenSubject, grantType: string) {
    const access = await this.#issue(subject, grantType);
    const refresh = await this.#issue(subject, grantType, {
      refresh: true,
      lifetimeSeconds: this.#settings.refreshTokenLifetimeSeconds,
    });
    return { ...this.#answer(subject, access), refresh_token: refresh.text };
  }

  async #issue(
    subject: TokenSubject,
    grantType: string,
    request: Pick<TokenRequest, 'lifetimeSeconds' | 'refresh' | 'claims'> = {},
  ): Promise<IssuedToken> {
    const issued = await issueToken(subject, {
      uaaUrl: this.url,
      key: this.keys.active,
      grantType,
      lifetimeSeconds: request.lifetimeSeconds ?? this.tokenLifetimeSeconds,
      isRefreshToken: request.refresh ?? false,
      claims: request.claims ?? {},
    });
    this.#issued.add(issued.jti);
    return issued;
  }

  #answer(subject: TokenSubject, token: IssuedToken) {
    return {
      access_token: token.text,
      token_type: 'bearer',
      expires_in: Math.max(0, this.tokenLifetimeSeconds - 1),
      scope: subject.scopes.join(' '),
      jti: token.jti,
    };
  }

  #clientSubject(clientId: string): TokenSubject {
    const row = this.#row('SELECT authorities FROM clients WHERE id = ?', clientId);
    return { clientId, scopes: words(row?.authorities) };
  }

  #userSubject(guid: string, clientId = CF_CLIENT): TokenSubject {
    const row = this.#row(`SELECT username, email, origin, scopes FROM users WHERE guid = ?`, guid);
    const text = (column: string) => (row?.[column] ?? null) as string | null;
    return {
      clientId,
      scopes: text('scopes') === null ? USER_SCOPES : words(text('scopes')),
      user: {
        guid,
        username: text('username') ?? guid,
        email: text('email'),
        origin: text('origin') ?? 'uaa',
      },
    };
  }

  #firstClient(): string {
    return String(this.#row('SELECT id FROM clients ORDER BY rowid LIMIT 1')?.id);
  }

  #row(sql: string, ...values: string[]): Record<string, unknown> | undefined {
    return this.#settings.database.all(sql, ...values)[0];
  }

  #refuseUnless(isAllowed: boolean, grantType: string): void {
    if (!isAllowed) {
      throw new UaaError(401, 'unauthorized_client', `Unauthorized grant type: ${grantType}`);
    }
  }
}

function words(list: unknown): string[] {
  return typeof list === 'string' ? list.split(' ').filter((word) => word !== '') : [];
}

function sameText(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
