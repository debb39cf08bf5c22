import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, request } from 'undici';
import { ArchiveError } from '../domain/errors.ts';
import { describeV3Error } from './api-error.ts';
import { backOffMs, type RetryPolicy, retryAfterMs, waitFor } from './retry.ts';

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
  /** Of one request, from sending to the body's last byte between two chunks. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

const header = (answer: HttpAnswer, name: string): string | undefined => {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

async function readText(body: Readable, limit = 1_000_000): Promise<string> {
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
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && DISK_FULL.has(String(error.code));

/** GET requests to one API, retried as design §2.7 says; the path without its query names a request in messages. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #tokens: TokenSource | undefined;

  /** @param tokens - absent: requests carry no token */
  constructor(options: HttpClientOptions, tokens?: TokenSource) {
    this.#options = options;
    this.#tokens = tokens;
  }

  /** A 200's body as JSON. */
  async getJson(url: URL): Promise<unknown> {
    return this.#get(url, async (answer) => {
      const text = await readText(answer.body, 64_000_000);
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new ArchiveError('CF_RESPONSE_INVALID', `${url.pathname} answered no JSON`, {
          cause,
        });
      }
    });
  }

  /** A 200's body, byte for byte, into a new file. */
  async getToFile(url: URL, file: string): Promise<void> {
    await this.#get(url, async (answer) => {
      try {
        await pipeline(answer.body, createWriteStream(file, { flags: 'w', mode: 0o600 }));
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    });
  }

  /** Send, retry, and hand a 200 to `take`; what `take` throws of a broken body is retried as well. */
  async #get<T>(url: URL, take: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    const { retry } = this.#options;
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#tokens?.token();
      const { answer, failure } = await this.#attempt(url, token, take);
      if (answer !== undefined) return answer.value;
      if (failure.kind === 'unauthorized' && token !== undefined && !renewed) {
        // Once per request: the token may have expired on the way. It does not count as an attempt.
        renewed = true;
        attempt -= 1;
        this.#tokens?.discard(token);
        continue;
      }
      if (failure.kind !== 'transient' || attempt >= retry.attempts) throw failure.error;
      await waitFor(
        failure.retryAfterMs === undefined
          ? backOffMs(attempt, retry)
          : failure.retryAfterMs + backOffMs(1, retry),
        failure.error.message,
        retry,
      );
    }
  }

  async #attempt<T>(
    url: URL,
    token: string | undefined,
    take: (answer: HttpAnswer) => Promise<T>,
  ): Promise<{ answer: { value: T }; failure?: never } | { answer?: undefined; failure: Failure }> {
    const { dispatcher, userAgent, timeoutMs, retry } = this.#options;
    if (retry.remainingMs() <= 0) {
      throw new ArchiveError('DEADLINE_REACHED', 'this run has no time left; the next run goes on');
    }
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
      });
      if (answer.statusCode === 200) return { answer: { value: await take(answer) } };
      return { failure: await refusal(url, answer) };
    } catch (cause) {
      return { failure: brokenExchange(url, cause) };
    }
  }
}

type Failure =
  | { readonly kind: 'final'; readonly error: ArchiveError }
  | { readonly kind: 'unauthorized'; readonly error: ArchiveError }
  | {
      readonly kind: 'transient';
      readonly error: ArchiveError;
      readonly retryAfterMs?: number | undefined;
    };

/** An exchange that gave no whole answer: no connection, a cut body, or a 200 that is not what it should be. */
function brokenExchange(url: URL, cause: unknown): Failure {
  if (isDiskFull(cause)) {
    return {
      kind: 'final',
      error: new ArchiveError(
        'STORE_FULL',
        `no space left for the body of ${url.pathname} in the work folder; free some, or point TMPDIR to a larger disk`,
        { cause },
      ),
    };
  }
  if (cause instanceof ArchiveError) {
    return { kind: cause.retryable ? 'transient' : 'final', error: cause };
  }
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return {
    kind: 'transient',
    error: new ArchiveError(
      'CF_UNREACHABLE',
      `${url.origin}${url.pathname} cannot be read: ${reason}`,
      {
        cause,
      },
    ),
  };
}

/** What an answer other than 200 means. Only a 200 with a parsed body ever counts as an answer; a 404 may be the router's. */
async function refusal(url: URL, answer: HttpAnswer): Promise<Failure> {
  const text = await readText(answer.body, 65_536);
  const routerError = header(answer, 'x-cf-routererror');
  const said = describeV3Error(text) ?? (routerError && `router: ${routerError}`);
  const message = `${url.origin}${url.pathname} answered ${answer.statusCode}${said ? ` (${said})` : ''}`;
  const after = retryAfterMs(header(answer, 'retry-after'), new Date());
  const { statusCode } = answer;
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
  if (statusCode === 429 || statusCode >= 500 || routerError !== undefined) {
    return {
      kind: 'transient',
      error: new ArchiveError('CF_UNAVAILABLE', message),
      // Only 429 and 503 carry a wait that is meant for us.
      retryAfterMs: statusCode === 429 || statusCode === 503 ? after : undefined,
    };
  }
  return { kind: 'final', error: new ArchiveError('CF_RESPONSE_INVALID', message) };
}
