import { ParquetExport } from '../parquet/export-parquet.ts';
import type { ExportSource } from '../report/export-source.ts';

/** Write rows into one Parquet file. Memory stays bounded: the rows wait on disk. */
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
