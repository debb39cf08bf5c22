import { decodeJwt } from 'jose';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import { systemCode } from './api-error.ts';
import { askedToWait, isTransient, type TokenSource } from './http-client.ts';
import { type Attempt, headerOf, type RetryPolicy, withRetries } from './retry.ts';

/** A token is renewed when less than this is left of it, as the cf CLI does. */
const RENEW_BEFORE_MS = 60_000;

const UAA_TIMEOUT_MS = 60_000;

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

export interface UaaTokensOptions extends ClientCredentials {
  /** Finds UAA's URL (the API's root document names it). */
  readonly uaa: () => Promise<URL>;
  readonly dispatcher: Dispatcher;
  readonly retry: RetryPolicy;
  readonly userAgent: string;
}

interface Grant {
  readonly token: string;
  /** By `performance.now()`. */
  readonly renewAt: number;
}

/**
 * Tokens of one UAA client by the grant `client_credentials`. One token serves all requests until it is about to end or was refused; its life is measured in real time.
 *
 * Only tokens that see all events are given out: a scope taken away in mid-run would otherwise show as fewer events, not as an error.
 */
export class UaaTokens implements TokenSource {
  readonly #options: UaaTokensOptions;
  #held: Grant | undefined;
  #granting: Promise<Grant> | undefined;

  constructor(options: UaaTokensOptions) {
    this.#options = options;
  }

  /** @throws ArchiveError CF_UNAUTHORIZED, CF_SCOPE_MISSING when the token would see only a part of the events */
  async token(): Promise<string> {
    if (this.#held !== undefined && performance.now() < this.#held.renewAt) return this.#held.token;
    this.#granting ??= this.#grant().finally(() => {
      this.#granting = undefined;
    });
    return (await this.#granting).token;
  }

  discard(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #grant(): Promise<Grant> {
    const url = new URL('oauth/token', withSlash(await this.#options.uaa()));
    const secret = await this.#options.clientSecret();
    const grant = await withRetries(this.#options.retry, (deadline) =>
      this.#ask(url, secret, deadline),
    );
    this.#checkScopes(grant.token, url);
    this.#held = grant;
    return grant;
  }

  #checkScopes(token: string, url: URL): void {
    const scopes = scopesOf(token);
    if (scopes === undefined) {
      throw new ArchiveError(
        'CF_RESPONSE_INVALID',
        `UAA at ${url.origin} gave a token that is no JWT with a scope: what it may see cannot be told`,
      );
    }
    if (GLOBAL_READ_SCOPES.some((scope) => scopes.includes(scope))) return;
    throw new ArchiveError(
      'CF_SCOPE_MISSING',
      `client ${this.#options.clientId} has none of ${GLOBAL_READ_SCOPES.join(', ')}: Cloud Controller would silently hide events from it. ` +
        `Give it \`authorities: cloud_controller.admin_read_only\` in UAA (it has: ${scopes.join(', ') || 'nothing'})`,
    );
  }

  async #ask(url: URL, secret: string, deadline: AbortSignal | undefined): Promise<Attempt<Grant>> {
    const { clientId, dispatcher, userAgent } = this.#options;
    const failed = (what: string, options?: ErrorOptions): ArchiveError =>
      new ArchiveError('CF_UNAVAILABLE', `UAA at ${url.origin} ${what}`, options);
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': userAgent,
        },
        // In the form, not as Basic: UAA does not percent-decode Basic credentials unless told so, and secrets hold any character.
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: secret,
        }).toString(),
        headersTimeout: UAA_TIMEOUT_MS,
        bodyTimeout: UAA_TIMEOUT_MS,
        signal: deadline ?? null,
      });
      const { statusCode, headers } = answer;
      const text = await answer.body.text();
      if (statusCode === 200) {
        const grant = grantOf(text);
        if (grant) return { kind: 'answered', value: grant };
        return { kind: 'transient', error: failed('answered 200 without a token') };
      }
      if (statusCode === 400 || statusCode === 401) {
        return {
          kind: 'final',
          error: new ArchiveError(
            'CF_UNAUTHORIZED',
            `UAA at ${url.origin} refused client ${clientId} (${statusCode}): check \`client_id\` and \`client_secret\`, and that the client may use the grant client_credentials`,
          ),
        };
      }
      const error = failed(`answered ${statusCode}`);
      const atRouter = headerOf(headers, 'x-cf-routererror') !== undefined;
      if (!isTransient(statusCode) && !atRouter) return { kind: 'final', error };
      return { kind: 'transient', error, retryAfterMs: askedToWait(statusCode, headers) };
    } catch (cause) {
      const reason = systemCode(cause) ?? String(cause);
      return { kind: 'transient', error: failed(`gave no answer: ${reason}`, { cause }) };
    }
  }
}

/** Undefined when the text is no answer with a token. Its parse errors are dropped: they quote the token. */
function grantOf(text: string): Grant | undefined {
  try {
    const { access_token, expires_in } = tokenAnswerSchema.parse(JSON.parse(text));
    const life = expires_in * 1000;
    return {
      token: access_token,
      renewAt: performance.now() + Math.max(life - RENEW_BEFORE_MS, life / 2),
    };
  } catch {
    return undefined;
  }
}

function scopesOf(token: string): readonly string[] | undefined {
  try {
    return scopeClaimSchema.parse(decodeJwt(token)).scope;
  } catch {
    return undefined;
  }
}

const withSlash = (url: URL): URL => new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
