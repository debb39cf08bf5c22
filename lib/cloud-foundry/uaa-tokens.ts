import { decodeJwt } from 'jose';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { TokenSource } from './http-client.ts';
import { backOffMs, type RetryPolicy, retryAfterMs, waitFor } from './retry.ts';

/** A token is renewed when less than this is left of it, as the cf CLI does. */
const RENEW_BEFORE_MS = 60_000;

const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

const scopeClaimSchema = z.object({ scope: z.array(z.string()) });

/** With one of these Cloud Controller shows all events; without, a silently partial 200 (CC §3). */
export const GLOBAL_READ_SCOPES = [
  'cloud_controller.admin',
  'cloud_controller.admin_read_only',
  'cloud_controller.global_auditor',
] as const;

export interface ClientCredentials {
  readonly clientId: string;
  /** Read when a token is needed, so that a rotated secret is found. */
  readonly clientSecret: () => Promise<string>;
}

/**
 * Tokens of one UAA client by the grant `client_credentials`. One token serves all requests until it is about to end or was refused; its life is measured in real time.
 */
export class UaaTokens implements TokenSource {
  readonly #uaa: () => Promise<URL>;
  readonly #credentials: ClientCredentials;
  readonly #dispatcher: Dispatcher;
  readonly #retry: RetryPolicy;
  #current: Promise<{ token: string; renewAt: number }> | undefined;

  /** @param uaa - finds UAA's URL (the API's root document names it) */
  constructor(
    uaa: () => Promise<URL>,
    credentials: ClientCredentials,
    dispatcher: Dispatcher,
    retry: RetryPolicy,
  ) {
    this.#uaa = uaa;
    this.#credentials = credentials;
    this.#dispatcher = dispatcher;
    this.#retry = retry;
  }

  async token(): Promise<string> {
    const held = await this.#current?.catch(() => undefined);
    if (held === undefined || performance.now() >= held.renewAt) this.#current = undefined;
    this.#current ??= this.#grant();
    return (await this.#current).token;
  }

  discard(token: string): void {
    const held = this.#current;
    void held?.then(
      (current) => {
        if (current.token === token && this.#current === held) this.#current = undefined;
      },
      () => undefined,
    );
  }

  /**
   * @throws ArchiveError CF_SCOPE_MISSING when the token would see only a part of the events
   */
  async checkGlobalRead(): Promise<void> {
    const claims = scopeClaimSchema.safeParse(decodeJwt(await this.token()));
    const scopes = claims.success ? claims.data.scope : [];
    if (GLOBAL_READ_SCOPES.some((scope) => scopes.includes(scope))) return;
    throw new ArchiveError(
      'CF_SCOPE_MISSING',
      `client ${this.#credentials.clientId} has none of ${GLOBAL_READ_SCOPES.join(', ')}: Cloud Controller would silently hide events from it. ` +
        `Give it \`authorities: cloud_controller.admin_read_only\` in UAA (it has: ${scopes.join(', ') || 'nothing'})`,
    );
  }

  async #grant(): Promise<{ token: string; renewAt: number }> {
    const secret = await this.#credentials.clientSecret();
    const url = new URL('oauth/token', withSlash(await this.#uaa()));
    for (let attempt = 1; ; attempt += 1) {
      const asked = await this.#ask(url, secret);
      if (asked.granted) return asked.granted;
      if (!asked.failure.retryable || attempt >= this.#retry.attempts) throw asked.failure;
      await waitFor(
        asked.waitMs ?? backOffMs(attempt, this.#retry),
        asked.failure.message,
        this.#retry,
      );
    }
  }

  async #ask(
    url: URL,
    secret: string,
  ): Promise<{
    granted?: { token: string; renewAt: number };
    failure: ArchiveError;
    waitMs?: number | undefined;
  }> {
    const unavailable = (what: string, options?: ErrorOptions): ArchiveError =>
      new ArchiveError('CF_UNAVAILABLE', `UAA at ${url.origin} ${what}`, options);
    try {
      const answer = await request(url, {
        dispatcher: this.#dispatcher,
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        // In the form, not as Basic: UAA does not percent-decode Basic credentials unless told so, and secrets hold any character.
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: this.#credentials.clientId,
          client_secret: secret,
        }).toString(),
        headersTimeout: 60_000,
        bodyTimeout: 60_000,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) {
        const { access_token, expires_in } = tokenAnswerSchema.parse(JSON.parse(text));
        const life = expires_in * 1000;
        const renewAt = performance.now() + Math.max(life - RENEW_BEFORE_MS, life / 2);
        return {
          granted: { token: access_token, renewAt },
          failure: unavailable('granted a token'),
        };
      }
      if (answer.statusCode === 400 || answer.statusCode === 401) {
        return {
          failure: new ArchiveError(
            'CF_UNAUTHORIZED',
            `UAA at ${url.origin} refused client ${this.#credentials.clientId} (${answer.statusCode}): check \`client_id\` and \`client_secret\`, and that the client may use the grant client_credentials`,
          ),
        };
      }
      const after = answer.headers['retry-after'];
      return {
        failure: unavailable(`answered ${answer.statusCode}`),
        waitMs: retryAfterMs(Array.isArray(after) ? after[0] : after, new Date()),
      };
    } catch (cause) {
      const reason = cause instanceof Error && 'code' in cause ? `: ${cause.code}` : '';
      return { failure: unavailable(`gave no usable answer${reason}`, { cause }) };
    }
  }
}

const withSlash = (url: URL): URL => new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
