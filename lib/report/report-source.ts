import { type Coverage, coverageJson } from '../domain/coverage.ts';
import type { ExportSource } from './export-source.ts';
import { type Batches, csvExport, jsonExport, mapRows, ndjsonExport } from './export-text.ts';
import { lineJson, type Report, type ReportCells } from './report.ts';

/** What an answer says of itself beside its rows. */
export interface AnswerFacts {
  readonly coverage: Coverage;
  /** Final once the last row is read, like the next. */
  readonly scannedBytes: () => number;
  /** US dollars. */
  readonly dollars: () => number;
}

/** A report as an export: the same columns in every format, all of them text. JSON has its name, its coverage and its cost around the rows. */
export function reportExport(
  report: Report,
  batches: Batches<ReportCells>,
  facts: AnswerFacts,
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
          after: () => `,${factsJson(facts).slice(1)}`,
        }),
    },
    columns: titles.map((name) => ({ name, type: 'text' })),
    values: (cells) => cells,
  };
}

const factsJson = ({ coverage, scannedBytes, dollars }: AnswerFacts): string =>
  JSON.stringify({
    coverage: coverageJson(coverage),
    scanned_bytes: scannedBytes(),
    cost_usd: dollars(),
  });
