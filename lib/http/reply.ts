import type { ApiError } from '../cloud-controller-api/api-error.ts';
import type { Coverage } from '../domain/coverage.ts';
import { coverageHeaders } from './coverage-headers.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<Uint8Array> | null;
  /** What the log is told; of a stream, final once it is read. */
  readonly facts: () => ReplyFacts;
}

export interface ReplyFacts {
  readonly rows: number;
  readonly scannedBytes: number;
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

/** Bytes as a response's body: whoever stops reading stops their making, and a failure breaks the connection off instead of ending it. */
export function toBody(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Wait for the first piece, so that what fails at once can still be told. */
export async function primed<T>(pieces: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let step = first; !step.done; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  })();
}
