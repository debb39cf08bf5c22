import { ParquetExport } from '../parquet/export-parquet.ts';
import type { ExportSource } from '../report/export-source.ts';
import { withWorkDirectory } from './work-directory.ts';

/** Write rows into one Parquet file; memory stays bounded, the rows wait on disk. */
export function writeParquet<Row>(
  { batches, columns, values }: ExportSource<Row>,
  path: string,
): Promise<void> {
  return withWorkDirectory(async (workDirectory) => {
    const parquet = await ParquetExport.open(workDirectory, columns);
    try {
      for await (const batch of batches) await parquet.append(batch.map(values));
      await parquet.write(path);
    } finally {
      await parquet.close();
    }
  });
}
