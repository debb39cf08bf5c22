import { createReadStream } from 'node:fs';
import { type Coverage, coverageJson } from '../../domain/coverage.ts';
import type { ExportFormat, ExportSource } from '../../report/export-source.ts';
import { countRows } from '../../report/export-text.ts';
import type { Question } from '../ask.ts';
import { coverageHeaders } from '../coverage-headers.ts';
import { cacheHeaders } from '../etag.ts';
import type { ExportFile } from '../ports.ts';
import { JSON_TYPE, primed, type Reply } from '../reply.ts';
import { MEDIA_TYPES } from './format.ts';

export interface Export<Row> {
  readonly source: ExportSource<Row>;
  readonly coverage: Coverage;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly format: ExportFormat;
  /** Of the file as an answer; a link to one is another each time. */
  readonly etag: string | undefined;
}

/**
 * Rows as a file: where the operator has named a place for exports, a link to one there; else the file is the answer, sent while it is made unless its format forbids that. A file that is made first is on record as started before a row of it is read: whatever ends this process cannot hide it.
 */
export async function exportReply<Row>(
  { server, context, started }: Question,
  { source, coverage, name, format, etag }: Export<Row>,
): Promise<Reply> {
  const { writeFile, exports } = server.ports;
  let rows = 0;
  const batches = countRows(source.batches, (more) => {
    rows += more;
  });
  const written = (status: number): Promise<ExportFile> =>
    writeFile({ ...source, batches: begun(batches, () => started(status)) }, format);
  const facts = () => ({ rows, coverage });
  const file = `${name}.${format}`;
  if (exports !== undefined) {
    const made = await written(303);
    try {
      const { url, expiresAt } = await exports.publish(
        made,
        file,
        MEDIA_TYPES[format],
        context.signal,
      );
      return {
        status: 303,
        headers: {
          'Content-Type': JSON_TYPE,
          'Cache-Control': 'no-store',
          Location: url,
          ...coverageHeaders(coverage),
        },
        body: JSON.stringify({
          url,
          expires_at: expiresAt.toISOString(),
          rows,
          bytes: made.bytes,
          coverage: coverageJson(coverage),
        }),
        facts,
      };
    } finally {
      await made.remove();
    }
  }
  const chunks =
    format === 'parquet' ? readAndRemove(await written(200)) : source.text[format](batches);
  return {
    status: 200,
    headers: {
      'Content-Type': MEDIA_TYPES[format],
      ...cacheHeaders(etag),
      'Content-Disposition': `attachment; filename="${file}"`,
      ...coverageHeaders(coverage),
    },
    body: await primed(chunks),
    facts,
  };
}

/** The same batches, the first of which is read when something is done before. */
async function* begun<T>(
  batches: AsyncIterable<T>,
  before: () => Promise<void>,
): AsyncGenerator<T> {
  await before();
  yield* batches;
}

async function* readAndRemove({ file, remove }: ExportFile): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } finally {
    await remove();
  }
}
