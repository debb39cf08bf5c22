import type { Batches } from './export-text.ts';
import type { FileColumn } from './ports.ts';

export const EXPORT_FORMATS = ['json', 'ndjson', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Something that can be exported: rows as they come, and what each format makes of them. */
export interface ExportSource<Row> {
  readonly batches: Batches<Row>;
  readonly text: Readonly<
    Record<Exclude<ExportFormat, 'parquet'>, (batches: Batches<Row>) => AsyncIterable<Uint8Array>>
  >;
  readonly columns: readonly FileColumn[];
  readonly values: (row: Row) => readonly (Date | string | null)[];
}
