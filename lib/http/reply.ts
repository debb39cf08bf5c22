import type { ApiError } from '../cloud-controller-api/api-error.ts';
import type { Coverage } from '../domain/coverage.ts';
import { ArchiveError } from '../domain/errors.ts';
import { coverageHeaders } from './coverage-headers.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array> | null;
  /** What the log calls it; default: `answered`. */
  readonly outcome?: string;
  /** What the log is told; of a stream, final once it is read. */
  readonly facts: () => ReplyFacts;
}

export interface ReplyFacts {
  readonly rows: number;
  readonly coverage?: Coverage | undefined;
}

export const jsonReply = (
  body: string,
  facts: ReplyFacts,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status: 200,
  headers: {
    'Content-Type': JSON_TYPE,
    ...(facts.coverage && coverageHeaders(facts.coverage)),
    ...headers,
  },
  body,
  facts: () => facts,
});

export const errorResponse = (
  error: ApiError,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  new Response(JSON.stringify(error.document), {
    status: error.status,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
  });

/** Wait for the first piece, so that what fails at once can still be told. Whoever reads no further ends the making, even if nothing was read. */
export async function primed<T>(pieces: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  let isGiven = false;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (isGiven) return iterator.next();
        isGiven = true;
        return first;
      },
      return: async () => {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

export const isStream = (body: Reply['body']): body is AsyncIterable<Uint8Array> =>
  body !== null && typeof body === 'object' && Symbol.asyncIterator in body;

/** A reply whose body nobody will read: what makes it is ended. */
export async function withoutBody(reply: Reply): Promise<Reply> {
  if (isStream(reply.body)) {
    await reply.body[Symbol.asyncIterator]().return?.();
  }
  return { ...reply, body: null };
}

export const answerTooLong = (maxBytes: number): ArchiveError =>
  new ArchiveError(
    'QUERY_TOO_LARGE',
    `this answer is longer than the ${maxBytes / 1e6} MB that can be sent here: ask for fewer events on a page, or for a file; the operator can raise http.max_answer, and name a place for files (http.exports)`,
  );

/**
 * A reply no longer than what carries it; a stream is gathered to know.
 *
 * @param maxBytes - undefined: any length
 * @throws ArchiveError QUERY_TOO_LARGE
 */
export async function withinBytes(reply: Reply, maxBytes: number | undefined): Promise<Reply> {
  const { body } = reply;
  if (maxBytes === undefined || body === null) return reply;
  if (!isStream(body)) {
    if (Buffer.byteLength(body) > maxBytes) throw answerTooLong(maxBytes);
    return reply;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw answerTooLong(maxBytes);
    chunks.push(chunk);
  }
  return { ...reply, body: Buffer.concat(chunks) };
}
