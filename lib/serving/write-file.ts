import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ArchiveError } from '../domain/errors.ts';
import type { ExportFile, HttpPorts } from '../http/ports.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportSource } from '../report/export-source.ts';

/** Writes rows into one Parquet file, by way of a work folder. */
export type ParquetWriter = <Row>(
  source: ExportSource<Row>,
  workDirectory: string,
  file: string,
) => Promise<void>;

/**
 * Make whole files of rows below a work folder, a folder each.
 *
 * @param writeParquet - undefined: Parquet is refused (QUERY_INVALID), before anything is read
 */
export const fileWriter =
  (workDirectory: string, writeParquet: ParquetWriter | undefined): HttpPorts['writeFile'] =>
  async <Row>(source: ExportSource<Row>, format: ExportFormat): Promise<ExportFile> => {
    if (format === 'parquet' && writeParquet === undefined) throw noParquet();
    const directory = await mkdtemp(join(workDirectory, 'file-'));
    const remove = () => rm(directory, { recursive: true, force: true });
    const file = join(directory, `export.${format}`);
    try {
      if (format === 'parquet') await writeParquet?.(source, directory, file);
      else await pipeline(source.text[format](source.batches), createWriteStream(file));
      return { file, bytes: (await stat(file)).size, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  };

const noParquet = (): ArchiveError => {
  const others = EXPORT_FORMATS.filter((format) => format !== 'parquet');
  return new ArchiveError(
    'QUERY_INVALID',
    `format: parquet is not made here; ask for ${others.join(', ')}, or read the archive's own Parquet files`,
  );
};
