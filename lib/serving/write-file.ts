import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ExportFile, HttpPorts } from '../http/ports.ts';
import { ParquetExport } from '../parquet/export-parquet.ts';
import type { ExportFormat, ExportSource } from '../report/export-source.ts';

/** Make whole files of rows below a work folder, a folder each. */
export const fileWriter =
  (workDirectory: string): HttpPorts['writeFile'] =>
  async <Row>(source: ExportSource<Row>, format: ExportFormat): Promise<ExportFile> => {
    const directory = await mkdtemp(join(workDirectory, 'file-'));
    const remove = () => rm(directory, { recursive: true, force: true });
    const file = join(directory, `export.${format}`);
    try {
      if (format === 'parquet') await writeParquet(source, directory, file);
      else await pipeline(source.text[format](source.batches), createWriteStream(file));
      return { file, bytes: (await stat(file)).size, remove };
    } catch (error) {
      await remove();
      throw error;
    }
  };

/** Memory stays bounded: the rows wait on disk. */
export async function writeParquet<Row>(
  { batches, columns, values }: ExportSource<Row>,
  workDirectory: string,
  file: string,
): Promise<void> {
  const parquet = await ParquetExport.open(workDirectory, columns);
  try {
    for await (const batch of batches) await parquet.append(batch.map(values));
    await parquet.write(file);
  } finally {
    await parquet.close();
  }
}
