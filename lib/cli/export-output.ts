import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportSource } from '../report/export-source.ts';
import { countRows } from '../report/export-text.ts';
import { writeChunks, writeExportFile } from './export-file.ts';
import { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { bytesText, plural } from './words.ts';
import { writeParquet } from './write-parquet.ts';

export interface OutputFlags {
  readonly output?: 'table' | ExportFormat;
  readonly json?: boolean;
  readonly file?: string;
}

/**
 * The format that flags ask for; undefined when they leave it open.
 *
 * @throws ArchiveError USAGE_INVALID when two of them disagree
 */
export function askedFormat({ output, json }: OutputFlags): 'table' | ExportFormat | undefined {
  if (json && output !== undefined && output !== 'json') {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--json and --output ${output} exclude each other: write one of them`,
    );
  }
  return json ? 'json' : output;
}

/**
 * The format that flags ask for; without any, what the name of the file ends in says it, else it is a table.
 *
 * @throws ArchiveError USAGE_INVALID when flags disagree, for a table in a file, and for Parquet without one
 */
export function formatFrom(flags: OutputFlags): 'table' | ExportFormat {
  const { file } = flags;
  const named = EXPORT_FORMATS.find((each) => file && extname(file).toLowerCase() === `.${each}`);
  const format = askedFormat(flags) ?? named ?? 'table';
  if (format === 'table' && file !== undefined) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--file ${file}: write --output json, ndjson, csv or parquet as well, or a name that ends in one of them`,
    );
  }
  if (format === 'parquet' && file === undefined) {
    throw new ArchiveError('USAGE_INVALID', '--output parquet: write --file FILE as well');
  }
  return format;
}

/** Export to a file, with progress, or to the standard output. Holds a batch of rows and a chunk of bytes at a time. */
export async function exportRows<Row>(
  source: ExportSource<Row>,
  format: ExportFormat,
  file: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) {
    if (format !== 'parquet') await say(source.text[format](source.batches), terminal);
    return;
  }
  const progress = new Progress(terminal);
  let rows = 0;
  const counted = countRows(source.batches, (count) => {
    rows += count;
    progress.update(() => `${file}: ${plural(rows, 'row')}`);
  });
  try {
    const bytes = await writeExportFile(file, async (temporary) => {
      if (format === 'parquet') await writeParquet({ ...source, batches: counted }, temporary);
      else await writeChunks(temporary, source.text[format](counted));
      return (await stat(temporary)).size;
    });
    progress.clear();
    terminal.err(`${file}: ${plural(rows, 'row')}, ${bytesText(bytes)}\n`);
  } finally {
    progress.clear();
  }
}

/** Say chunks to the standard output no faster than its reader reads, and stop when the reader has seen enough. */
async function say(chunks: AsyncIterable<Uint8Array>, terminal: Terminal): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const { stdout } = process;
  let closed = false;
  let wake = (): void => undefined;
  const onDrain = (): void => wake();
  const onClosed = (): void => {
    closed = true;
    wake();
  };
  stdout.on('drain', onDrain).on('error', onClosed).on('close', onClosed);
  try {
    for await (const chunk of chunks) {
      terminal.out(decoder.decode(chunk, { stream: true }));
      if (stdout.writableNeedDrain && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (closed) return;
    }
  } finally {
    stdout.off('drain', onDrain).off('error', onClosed).off('close', onClosed);
  }
}
