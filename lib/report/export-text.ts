import { csvRecord } from './csv.ts';

/** What an export is made from: rows as they come, in batches of any size. */
export type Batches<T> = AsyncIterable<readonly T[]>;

/** Batches as they are, each told how many rows it has when it comes. */
export async function* countRows<T>(
  batches: Batches<T>,
  onRows: (rows: number) => void,
): AsyncGenerator<readonly T[]> {
  for await (const batch of batches) {
    onRows(batch.length);
    yield batch;
  }
}

/** Bytes of an export as they are written: about this much at a time, never cut inside a row unless the row is longer. */
const CHUNK_CHARACTERS = 64 * 1024;

const encoder = new TextEncoder();

/** Gather short texts into chunks of UTF-8; holds one chunk at a time. */
async function* chunked(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let pending = '';
  for await (const text of texts) {
    pending += text;
    if (pending.length >= CHUNK_CHARACTERS) {
      yield encoder.encode(pending);
      pending = '';
    }
  }
  if (pending !== '') yield encoder.encode(pending);
}

/** CSV of RFC 4180: CRLF, UTF-8 without a byte-order mark, a header, every cell inert in a spreadsheet (`csv.ts`). */
export const csvExport = (
  titles: readonly string[],
  batches: Batches<readonly (string | null)[]>,
): AsyncIterable<Uint8Array> =>
  chunked(
    (async function* () {
      yield csvRecord(titles);
      for await (const batch of batches) yield batch.map(csvRecord).join('');
    })(),
  );

/** One JSON text a line. */
export const ndjsonExport = (batches: Batches<string>): AsyncIterable<Uint8Array> =>
  chunked(
    (async function* () {
      for await (const batch of batches) {
        if (batch.length > 0) yield `${batch.join('\n')}\n`;
      }
    })(),
  );

/**
 * A JSON array, one element a line, or a document around one.
 *
 * @param around - what stands before and after the array, such as `{"rows":` and `,"coverage":{}}`; the latter is asked for when all rows are written
 */
export const jsonExport = (
  batches: Batches<string>,
  around: { readonly before: string; readonly after: () => string } = {
    before: '',
    after: () => '',
  },
): AsyncIterable<Uint8Array> =>
  chunked(
    (async function* () {
      yield `${around.before}[`;
      let separator = '\n';
      for await (const batch of batches) {
        if (batch.length === 0) continue;
        yield separator + batch.join(',\n');
        separator = ',\n';
      }
      yield `${separator === '\n' ? '' : '\n'}]${around.after()}\n`;
    })(),
  );

/** Batches with every row turned into something else. */
export async function* mapRows<A, B>(
  batches: Batches<A>,
  map: (row: A) => B,
): AsyncGenerator<readonly B[]> {
  for await (const batch of batches) yield batch.map(map);
}
