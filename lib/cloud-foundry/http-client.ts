import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, request } from 'undici';
import { ArchiveError } from '../domain/errors.ts';
import { describeV3Error, systemCode } from './api-error.ts';
import { type Attempt, headerOf, type RetryPolicy, retryAfterMs, withRetries } from './retry.ts';

/** Gives the bearer token of a request, and a new one when the last was refused. */
export interface TokenSource {
  token(): Promise<string>;
  /** The token was refused: the next call of `token` asks for another. */
  discard(token: string): void;
}

export interface HttpClientOptions {
  readonly dispatcher: Dispatcher;
  readonly retry: RetryPolicy;
  /** `cf-audit-archive/1.2.3` */
  readonly userAgent: string;
  /** The longest silence: until the headers, and between two pieces of the body. */
  readonly timeoutMs: number;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** What is read of a document; a longer one is cut, and then no JSON. */
const DOCUMENT_BYTES = 64_000_000;
const ERROR_BYTES = 65_536;

async function readText(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Errors of our own disk, which asking again does not cure. */
const DISK_FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether the file for a body could not even be made. */
const isUnopened = (error: unknown): boolean => Object(error).syscall === 'open';

/** GET requests to one API. Trouble of the moment (no answer, a body that breaks off, 429, 5xx, the router's 404) is tried again by `withRetries`, a refused token is renewed once. The path without its query names a request in messages. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #tokens: TokenSource | undefined;

  /** @param tokens - absent: requests carry no token */
  constructor(options: HttpClientOptions, tokens?: TokenSource) {
    this.#options = options;
    this.#tokens = tokens;
  }

  /** A 200's body as JSON. One that breaks off is asked for again, one that does not even begin like a document is not. */
  async getJson(url: URL): Promise<unknown> {
    return this.#get(url, async ({ body }) => {
      const text = await readText(body, DOCUMENT_BYTES);
      if (text !== '' && !/^\s*[{[]/.test(text)) {
        throw new ArchiveError('CF_RESPONSE_INVALID', `${nameOf(url)} answered 200 without JSON`);
      }
      return JSON.parse(text);
    });
  }

  /** A 200's body, byte for byte, into a new file. */
  async getToFile(url: URL, file: string): Promise<void> {
    await this.#get(url, async ({ body }) => {
      try {
        await pipeline(body, createWriteStream(file, { flags: 'w', mode: 0o600 }));
      } catch (error) {
        // What failed first counts, not that there is nothing to remove.
        await rm(file, { force: true }).catch(() => undefined);
        throw error;
      }
    });
  }

  /** Send, retry, and hand a 200 to `take`; what `take` throws of a broken body is retried as well. */
  async #get<T>(url: URL, take: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    let renewed = false;
    return withRetries(this.#options.retry, async (deadline) => {
      const token = await this.#tokens?.token();
      const outcome = await this.#attempt(url, token, take, deadline);
      if (outcome.kind !== 'unauthorized') return outcome;
      if (token === undefined || renewed) return { kind: 'final', error: outcome.error };
      // Once per request: the token may have expired on the way. It does not count as an attempt.
      renewed = true;
      this.#tokens?.discard(token);
      const again = await this.#attempt(url, await this.#tokens?.token(), take, deadline);
      return again.kind === 'unauthorized' ? { kind: 'final', error: again.error } : again;
    });
  }

  async #attempt<T>(
    url: URL,
    token: string | undefined,
    take: (answer: HttpAnswer) => Promise<T>,
    deadline: AbortSignal | undefined,
  ): Promise<Attempt<T> | Unauthorized> {
    const { dispatcher, userAgent, timeoutMs } = this.#options;
    try {
      const answer: HttpAnswer = await request(url, {
        dispatcher,
        method: 'GET',
        headers: {
          accept: 'application/json',
          'user-agent': userAgent,
          ...(token === undefined ? {} : { authorization: `bearer ${token}` }),
        },
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: deadline ?? null,
      });
      if (answer.statusCode === 200) return { kind: 'answered', value: await take(answer) };
      return await refusal(url, answer);
    } catch (cause) {
      return brokenExchange(url, cause);
    }
  }
}

interface Unauthorized {
  readonly kind: 'unauthorized';
  readonly error: ArchiveError;
}

type Failure = Exclude<Attempt<never>, { kind: 'answered' }>;

/** How a message names a request: without its query. */
const nameOf = (url: URL): string => `${url.origin}${url.pathname}`;

/** An exchange that gave no whole answer: no connection, a cut body, or a 200 that is not what it should be. */
function brokenExchange(url: URL, cause: unknown): Failure {
  if (cause instanceof ArchiveError) return { kind: 'final', error: cause };
  const code = systemCode(cause);
  if (DISK_FULL.has(code)) {
    const message = `no space left for the body of ${url.pathname} in the work folder; free some, or point TMPDIR to a larger disk`;
    return { kind: 'final', error: new ArchiveError('STORE_FULL', message, { cause }) };
  }
  if (isUnopened(cause)) {
    const message = `the body of ${url.pathname} cannot be written into the work folder (${code})`;
    return { kind: 'final', error: new ArchiveError('WORK_FAILED', message, { cause }) };
  }
  if (cause instanceof SyntaxError) {
    const message = `${nameOf(url)} answered 200 with JSON that breaks off or is malformed`;
    return { kind: 'transient', error: new ArchiveError('CF_RESPONSE_INVALID', message) };
  }
  const message = `${nameOf(url)} cannot be read: ${code ?? String(cause)}; check \`api\`, and that this machine reaches it`;
  return { kind: 'transient', error: new ArchiveError('CF_UNREACHABLE', message, { cause }) };
}

/** What an answer other than 200 means. Only a 200 with a parsed body ever counts as an answer; a 404 may be the router's. */
async function refusal(url: URL, answer: HttpAnswer): Promise<Failure | Unauthorized> {
  const { statusCode, headers } = answer;
  // An explanation that breaks off changes nothing: the status has said it.
  const text = await readText(answer.body, ERROR_BYTES).catch(() => '');
  const routerError = headerOf(headers, 'x-cf-routererror');
  const said = describeV3Error(text) ?? (routerError && `router: ${routerError}`);
  const message = `${nameOf(url)} answered ${statusCode}${said ? ` (${said})` : ''}`;
  if (statusCode === 401) {
    return {
      kind: 'unauthorized',
      error: new ArchiveError(
        'CF_UNAUTHORIZED',
        `${message}: the token is refused even when new; check that \`client_id\` belongs to this foundation's UAA`,
      ),
    };
  }
  if (statusCode === 403) {
    return { kind: 'final', error: new ArchiveError('CF_SCOPE_MISSING', message) };
  }
  if (isTransient(statusCode) || routerError !== undefined) {
    return {
      kind: 'transient',
      error: new ArchiveError('CF_UNAVAILABLE', message),
      retryAfterMs: askedToWait(statusCode, headers),
    };
  }
  return { kind: 'final', error: new ArchiveError('CF_RESPONSE_INVALID', message) };
}

/** Whether a status tells of a moment's trouble on the other side. */
export const isTransient = (statusCode: number): boolean => statusCode === 429 || statusCode >= 500;

/** Only 429 and 503 carry a wait that is meant for us. */
export const askedToWait = (
  statusCode: number,
  headers: HttpAnswer['headers'],
): number | undefined =>
  statusCode === 429 || statusCode === 503 ? retryAfterMs(headers, new Date()) : undefined;
