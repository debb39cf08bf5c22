import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import type { EventFilter } from '../domain/event-query.ts';

/** How values are shown, where that is the reader's choice. */
export interface ReportView {
  /** IANA name; reports show UTC unless they say otherwise. */
  readonly timeZone: string;
}

export interface ReportColumn {
  readonly title: string;
  /** Null where the event says nothing of it. */
  readonly value: (row: EventRow, view: ReportView) => string | null | undefined;
}

/** A question that is asked again and again, as data: what to search, and what to show of it. */
export interface Report {
  /** `kebab-case`; what is written after `report`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whoever asks may narrow it further: by range, organization, space, actor, target. */
  readonly filter: Partial<EventFilter>;
  /** Default: oldest first. */
  readonly order?: 'newest' | 'oldest';
  readonly columns: readonly ReportColumn[];
  /** Rows that the filter cannot keep out. */
  readonly keep?: (row: EventRow) => boolean;
}

const UNREAD: ReadonlySet<ColumnName> = new Set(['updated_at', 'extra', 'collected_at']);

/** What a report may show; the rest of an event need not be read. */
export const REPORT_COLUMNS: readonly ColumnName[] = COLUMNS.map(({ name }) => name).filter(
  (name) => !UNREAD.has(name),
);

export type ReportCells = readonly (string | null)[];

/** Lines of a report from the events that its filter found, in their order. */
export async function* reportRows(
  report: Report,
  batches: AsyncIterable<readonly EventRow[]>,
  view: ReportView,
): AsyncGenerator<readonly ReportCells[]> {
  const { columns, keep } = report;
  for await (const batch of batches) {
    const kept = keep === undefined ? batch : batch.filter(keep);
    yield kept.map((row) => columns.map(({ value }) => value(row, view) ?? null));
  }
}

/** A line of a report as a JSON object, its titles as keys. */
export const lineJson =
  (report: Report) =>
  (cells: ReportCells): string =>
    JSON.stringify(
      Object.fromEntries(report.columns.map(({ title }, index) => [title, cells[index] ?? null])),
    );
