import { readFile } from 'node:fs/promises';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { COLUMNS, type ColumnName, type EventRow } from '../../../lib/domain/columns.ts';

async function bytesOf(file: string): Promise<ArrayBuffer> {
  const { buffer, byteOffset, length } = await readFile(file);
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
}

/** Rows of a part in the order of the file, all columns or some, read by a reader that shares no code with the writer. */
export async function partRowsOf(
  file: string,
  columns: readonly ColumnName[] = COLUMNS.map(({ name }) => name),
): Promise<EventRow[]> {
  const rows = await parquetReadObjects({
    file: await bytesOf(file),
    compressors,
    columns: [...columns],
  });
  return rows as EventRow[];
}

export async function partMetadataOf(file: string): Promise<FileMetaData> {
  return parquetMetadata(await bytesOf(file));
}
