import { Agent, type Dispatcher } from 'undici';
import type { IdentityProvider } from '../identity/ports.ts';
import type { EventRole, Role } from '../visibility/ports.ts';
import { type ApiRoot, readApiRoot } from './api-root.ts';
import type { FoundationOptions } from './cloud-foundry-foundation.ts';
import { HttpClient } from './http-client.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { UaaTokens } from './uaa-tokens.ts';
import { readUserRoles } from './user-roles.ts';

/** Somebody waits for the answer: one more try, soon, or none. */
const PATIENCE_MS = 5_000;
const IMPATIENT: RetryPolicy = {
  ...DEFAULT_RETRY,
  attempts: 2,
  baseDelayMs: 200,
  maxDelayMs: 1_000,
  remainingMs: () => PATIENCE_MS,
};

export interface CallersOptions extends FoundationOptions {
  /** Where UAA shows its keys while the foundation does not tell it. The client's secret is never sent there. */
  readonly uaa?: string | undefined;
}

/** What a foundation says of those who ask us: the keys and name of its UAA, without a token, and a user's roles, with the reader client's token. */
export class CloudFoundryCallers implements IdentityProvider {
  readonly #url: URL;
  readonly #configuredUaa: URL | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #anonymous: HttpClient;
  readonly #reader: HttpClient;
  #root: Promise<ApiRoot> | undefined;

  /** @param options - as for the archive's own reading; the client must be a global reader */
  constructor({
    api,
    concurrency,
    userAgent,
    clientId,
    clientSecret,
    retry,
    dispatcher,
    uaa,
  }: CallersOptions) {
    this.#url = new URL(api);
    this.#configuredUaa = uaa === undefined ? undefined : new URL(uaa);
    this.#dispatcher = dispatcher ?? new Agent({ connections: concurrency, pipelining: 1 });
    const client = {
      dispatcher: this.#dispatcher,
      retry: { ...IMPATIENT, ...retry },
      userAgent,
      timeoutMs: PATIENCE_MS,
    };
    this.#anonymous = new HttpClient(client);
    const tokens = new UaaTokens({ uaa: () => this.#uaa(), clientId, clientSecret, ...client });
    this.#reader = new HttpClient(client, tokens);
  }

  async configuration(): Promise<unknown> {
    return this.#ofUaa('.well-known/openid-configuration');
  }

  async tokenKeys(): Promise<unknown> {
    return this.#ofUaa('token_keys');
  }

  /** A `RoleSource`. @throws ArchiveError CF_… when they cannot be read whole */
  readonly roles = (userGuid: string, types: readonly EventRole[]): Promise<readonly Role[]> =>
    readUserRoles(this.#reader, this.#url, userGuid, types);

  /** Close the connections. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #ofUaa(path: string): Promise<unknown> {
    const { href } = await this.#uaa().catch((error) => {
      if (this.#configuredUaa === undefined) throw error;
      return this.#configuredUaa;
    });
    return this.#anonymous.getJson(new URL(path, href.endsWith('/') ? href : `${href}/`));
  }

  async #uaa(): Promise<URL> {
    this.#root ??= readApiRoot(this.#anonymous, this.#url).catch((error) => {
      this.#root = undefined;
      throw error;
    });
    return (await this.#root).uaa;
  }
}
