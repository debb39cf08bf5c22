import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import { eventJson } from '../domain/event-json.ts';
import { type Batches, csvExport, jsonExport, mapRows, ndjsonExport } from './export-text.ts';

/** A column's value as people and CSV read it: an instant in UTC with milliseconds. */
export const columnText = (value: Date | string | null): string | null =>
  value instanceof Date ? value.toISOString() : value;

/** Events as CSV, a column of the archive a column: instants in UTC with milliseconds, `data` and `extra` as JSON text. */
export const eventsCsv = (
  batches: Batches<EventRow>,
  columns: readonly ColumnName[] = COLUMNS.map(({ name }) => name),
): AsyncIterable<Uint8Array> =>
  csvExport(
    columns,
    mapRows(batches, (row) => columns.map((name) => columnText(row[name]))),
  );

const namedEvents = (batches: Batches<EventRow>) =>
  mapRows(batches, (row) => eventJson(row, { names: true }));

/** Cloud Controller's v3 events with the names of space and organization beside their GUIDs, `data` digit for digit, one a line. */
export const eventsNdjson = (batches: Batches<EventRow>): AsyncIterable<Uint8Array> =>
  ndjsonExport(namedEvents(batches));

/** The same events as one JSON array. */
export const eventsJson = (batches: Batches<EventRow>): AsyncIterable<Uint8Array> =>
  jsonExport(namedEvents(batches));
