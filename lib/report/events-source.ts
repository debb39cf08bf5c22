import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import { eventsCsv, eventsJson, eventsNdjson } from './export-events.ts';
import type { ExportSource } from './export-source.ts';
import type { Batches } from './export-text.ts';

/**
 * Events as an export: JSON and NDJSON are Cloud Controller's events with names, CSV and Parquet have the columns of the archive.
 *
 * @param columns - of CSV and Parquet; default: all
 */
export const eventsExport = (
  batches: Batches<EventRow>,
  columns: readonly ColumnName[] = COLUMNS.map(({ name }) => name),
): ExportSource<EventRow> => ({
  batches,
  text: { json: eventsJson, ndjson: eventsNdjson, csv: (rows) => eventsCsv(rows, columns) },
  columns: columns.flatMap((name) => COLUMNS.filter((column) => column.name === name)),
  values: (row) => columns.map((name) => row[name]),
});
