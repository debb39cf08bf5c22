import { type Coverage, coverageJson } from '../domain/coverage.ts';
import type { ExportSource } from './export-source.ts';
import { type Batches, csvExport, jsonExport, mapRows, ndjsonExport } from './export-text.ts';
import { lineJson, type Report, type ReportCells } from './report.ts';

/** A report as an export: the same columns in every format, all of them text. JSON has its name and its coverage around the rows. */
export function reportExport(
  report: Report,
  batches: Batches<ReportCells>,
  coverage: Coverage,
): ExportSource<ReportCells> {
  const titles = report.columns.map(({ title }) => title);
  const head = JSON.stringify({ report: report.name, columns: titles });
  const line = lineJson(report);
  return {
    batches,
    text: {
      csv: (lines) => csvExport(titles, lines),
      ndjson: (lines) => ndjsonExport(mapRows(lines, line)),
      json: (lines) =>
        jsonExport(mapRows(lines, line), {
          before: `${head.slice(0, -1)},"rows":`,
          after: `,"coverage":${JSON.stringify(coverageJson(coverage))}}`,
        }),
    },
    columns: titles.map((name) => ({ name, type: 'text' })),
    values: (cells) => cells,
  };
}
