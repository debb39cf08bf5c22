import { Agent, type Dispatcher } from 'undici';
import { z } from 'zod';
import { type AuditEventSource, PAGE_SIZE, type PageRequest } from '../archive/ports.ts';
import { ArchiveError } from '../domain/errors.ts';
import { instantSchema, secondText } from '../domain/instant.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { Window } from '../domain/window.ts';
import { type ApiRoot, readApiRoot } from './api-root.ts';
import { HttpClient } from './http-client.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { ScopeNameLookup } from './scope-names.ts';
import { type ClientCredentials, UaaTokens } from './uaa-tokens.ts';

export interface FoundationOptions extends ClientCredentials {
  /** API root, such as `https://api.example.org`. */
  readonly api: string;
  /** Requests at a time; Cloud Controller is someone's production. */
  readonly concurrency: number;
  readonly userAgent: string;
  readonly retry?: Partial<RetryPolicy>;
  /** Default: an agent of its own. */
  readonly dispatcher?: Dispatcher;
}

/** nginx before Cloud Controller gives a request 900 s (CC §2.3); an answer that is silent for so long will not come. */
const REQUEST_TIMEOUT_MS = 300_000;

/** How many events are looked at for the oldest when the first one cannot tell its instant. */
const OLDEST_CANDIDATES = 100;

const smallPageSchema = z.object({
  pagination: z.object({ total_results: z.int().nonnegative() }),
  resources: z.array(z.unknown()),
});
type SmallPage = z.infer<typeof smallPageSchema>;

const datedSchema = z.object({ created_at: instantSchema });

/** A Cloud Foundry installation, read over its v3 API. */
export class CloudFoundryFoundation implements AuditEventSource {
  readonly api: string;
  readonly pageSize = PAGE_SIZE;
  readonly #url: URL;
  readonly #dispatcher: Dispatcher;
  readonly #anonymous: HttpClient;
  readonly #http: HttpClient;
  readonly #tokens: UaaTokens;
  readonly #organizations: ScopeNameLookup;
  readonly #spaces: ScopeNameLookup;
  readonly #inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  #root: Promise<ApiRoot> | undefined;

  constructor(options: FoundationOptions) {
    this.api = options.api;
    this.#url = new URL(options.api);
    this.#dispatcher =
      options.dispatcher ?? new Agent({ connections: options.concurrency, pipelining: 1 });
    const retry = { ...DEFAULT_RETRY, ...options.retry };
    const client = {
      dispatcher: this.#dispatcher,
      retry,
      userAgent: options.userAgent,
      timeoutMs: REQUEST_TIMEOUT_MS,
    };
    this.#anonymous = new HttpClient(client);
    this.#tokens = new UaaTokens({
      uaa: async () => (await this.#apiRoot()).uaa,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      ...client,
    });
    this.#http = new HttpClient(client, this.#tokens);
    this.#organizations = new ScopeNameLookup(this.#http, new URL('/v3/organizations', this.#url));
    this.#spaces = new ScopeNameLookup(this.#http, new URL('/v3/spaces', this.#url));
    this.#inTurn = limitConcurrency(options.concurrency);
  }

  async check(): Promise<void> {
    await this.#apiRoot();
    await this.#tokens.token();
  }

  async count(window: Window): Promise<number> {
    return (await this.#readSmallPage(windowQuery(window))).pagination.total_results;
  }

  async oldest(): Promise<Date | undefined> {
    const first = await this.#readSmallPage({});
    if (first.resources.length === 0) return undefined;
    const oldest =
      firstInstant(first) ?? firstInstant(await this.#readSmallPage({}, OLDEST_CANDIDATES));
    if (oldest) return oldest;
    throw new ArchiveError(
      'CF_RESPONSE_INVALID',
      `${this.#url.origin}/v3/audit_events: none of the oldest events tells its \`created_at\``,
    );
  }

  async spoolPage({ window, page }: PageRequest, file: string): Promise<void> {
    const url = this.#eventsUrl({
      ...windowQuery(window),
      per_page: String(this.pageSize),
      ...(page === 1 ? {} : { page: String(page) }),
    });
    await this.#inTurn(() => this.#http.getToFile(url, file));
  }

  organizationNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#inTurn(() => this.#organizations.namesOf(guids));
  }

  spaceNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#inTurn(() => this.#spaces.namesOf(guids));
  }

  /** Close the connections. */
  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  #apiRoot(): Promise<ApiRoot> {
    this.#root ??= readApiRoot(this.#anonymous, this.#url).catch((error) => {
      this.#root = undefined;
      throw error;
    });
    return this.#root;
  }

  async #readSmallPage(query: Record<string, string>, rows = 1): Promise<SmallPage> {
    const url = this.#eventsUrl({ ...query, per_page: String(rows) });
    const parsed = smallPageSchema.safeParse(await this.#inTurn(() => this.#http.getJson(url)));
    if (parsed.success) return parsed.data;
    throw new ArchiveError(
      'CF_RESPONSE_INVALID',
      `${url.origin}${url.pathname} answered 200 without \`pagination.total_results\` and \`resources\``,
      { cause: parsed.error },
    );
  }

  /** Always ordered by `created_at`: the default order sorts the whole day for every page (CC §2.3). */
  #eventsUrl(query: Record<string, string>): URL {
    const url = new URL('/v3/audit_events', this.#url);
    for (const [name, value] of Object.entries({ order_by: 'created_at', ...query })) {
      url.searchParams.set(name, value);
    }
    return url;
  }
}

/** `created_at` of the first event that has a readable one. */
const firstInstant = ({ resources }: SmallPage): Date | undefined =>
  resources.map((event) => datedSchema.safeParse(event).data?.created_at).find(Boolean);

/** Only `[gte]` with `[lt]` tile time exactly (CC §1.2). */
const windowQuery = ({ from, to }: Window): Record<string, string> => ({
  'created_ats[gte]': secondText(from),
  'created_ats[lt]': secondText(to),
});
