import type { ExportSource } from '../report/export-source.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { writeParquet as write } from '../serving/write-parquet.ts';

/** Write rows into one Parquet file, by way of a work folder that is gone afterwards. */
export const writeParquet = <Row>(source: ExportSource<Row>, path: string): Promise<void> =>
  withWorkDirectory((workDirectory) => write(source, workDirectory, path));
