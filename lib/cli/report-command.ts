import { type Command, Option } from 'commander';
import { nameAdvice } from '../config/nearest-name.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { coverageSentence } from '../domain/coverage.ts';
import { ArchiveError } from '../domain/errors.ts';
import { streamEvents } from '../query/search-events.ts';
import { EXPORT_FORMATS } from '../report/export-source.ts';
import type { Batches } from '../report/export-text.ts';
import { REPORT_COLUMNS, type Report, type ReportCells, reportRows } from '../report/report.ts';
import { REPORTS, reportsJson } from '../report/report-list.ts';
import { reportExport } from '../report/report-source.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { printCost } from './cost-line.ts';
import { EXIT_OK } from './exit-code.ts';
import { askedFormat, exportRows, formatFrom, type OutputFlags } from './export-output.ts';
import { clockFrom } from './instant-options.ts';
import { withSearch } from './open-search.ts';
import { addFilterOptions, addRangeOptions, type QueryFlags, queryFrom } from './query-options.ts';
import { tableLines } from './table.ts';
import { bold, type Terminal } from './terminal.ts';
import { plural } from './words.ts';

interface ReportFlags extends QueryFlags, OutputFlags {
  readonly config: string;
  readonly now?: string;
  readonly wide?: boolean;
}

/** A table's columns are as wide as their widest cell, so its rows are held; more of them nobody reads in a terminal. */
const MAX_TABLE_ROWS = 10_000;

export function addReportCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program
    .command('report [name]')
    .description('named reports; without a name: lists them');
  addFilterOptions(addRangeOptions(command))
    .addOption(
      new Option('--output <format>', 'default: what FILE ends in, else table').choices([
        'table',
        ...EXPORT_FORMATS,
      ]),
    )
    .option('--file <file>', 'write it there; the file appears when it is complete')
    .option('--json', 'the same as --output json')
    .option('--wide', 'do not cut the table to the width of the terminal')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive report
  cf-audit-archive report user-access-changes --organization shop --last 90d --output csv > access.csv
  cf-audit-archive report app-history --target checkout --month 2026-03 --time-zone Europe/Berlin
  cf-audit-archive report all-events --foundation eu-1 --file everything.parquet

JSON: {"report": name, "columns": [title …], "rows": [{title: text or null …} …],
"coverage": {"complete", "days", "not_closed", "message"}, "scanned_bytes": n, "cost_usd": n}; of
the list: {"reports": [{"name", "title", "description", "columns"} …]}

Where an answer costs money, what was scanned and its price in US dollars stand on the standard error.

CSV: a cell that a spreadsheet could take for a formula begins with a single quote, as does one that
began with a single quote: to undo it, remove the first character of every cell that begins with one.
docs/reports.md describes every report.`,
    )
    .action(async (name: string | undefined, flags: ReportFlags) => {
      if (name === undefined) listReports(terminal, flags);
      else await runReport(reportNamed(name), flags, terminal);
      exit(EXIT_OK);
    });
}

function reportNamed(name: string): Report {
  const report = REPORTS.find((each) => each.name === name);
  if (report !== undefined) return report;
  const known = REPORTS.map((each) => each.name);
  throw new ArchiveError(
    'USAGE_INVALID',
    `report ${name}: there is no such report; ${nameAdvice(name, known)}`,
  );
}

function listReports(terminal: Terminal, flags: ReportFlags): void {
  if (askedFormat(flags) === 'json') {
    terminal.out(`${JSON.stringify(reportsJson())}\n`);
    return;
  }
  const [heading, ...lines] = tableLines(
    [{ title: 'report' }, { title: 'shows' }],
    REPORTS.map(({ name, description }) => [name, description]),
    flags.wide ? Number.POSITIVE_INFINITY : terminal.width,
  );
  terminal.out(`${bold(heading ?? '')}\n${lines.join('\n')}\n`);
}

async function runReport(report: Report, flags: ReportFlags, terminal: Terminal): Promise<void> {
  const format = formatFrom(flags);
  const now = clockFrom(flags.now)();
  const configuration = await readConfiguration(flags.config);
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  await withSearch(configuration, store, now, async (context) => {
    const asked = {
      ...flags,
      order: report.order ?? 'oldest',
      columns: REPORT_COLUMNS.join(','),
    } as const;
    const question = await queryFrom(configuration, context, asked, now);
    const found = await streamEvents(context, { ...question, ...report.filter });
    const lines = reportRows(report, found.batches, { timeZone: flags.timeZone ?? 'UTC' });
    const sentence = coverageSentence(found.coverage);
    if (format === 'table') {
      if (sentence !== undefined) terminal.out(`${sentence}\n`);
      await printTable(report, lines, terminal, flags.wide === true);
      printCost(found, terminal);
      return;
    }
    const said = format === 'json' && flags.file === undefined;
    if (sentence !== undefined && !said) terminal.err(`${sentence}\n`);
    await exportRows(reportExport(report, lines, found), format, flags.file, terminal);
    if (!said) printCost(found, terminal);
  });
}

async function printTable(
  { columns }: Report,
  batches: Batches<ReportCells>,
  terminal: Terminal,
  wide: boolean,
): Promise<void> {
  const rows: string[][] = [];
  for await (const batch of batches) {
    rows.push(...batch.map((cells) => cells.map((cell) => cell ?? '')));
    if (rows.length > MAX_TABLE_ROWS) break;
  }
  if (rows.length === 0) {
    terminal.out('No events found.\n');
    return;
  }
  const width = wide ? Number.POSITIVE_INFINITY : terminal.width;
  const [heading, ...lines] = tableLines(columns, rows.slice(0, MAX_TABLE_ROWS), width);
  terminal.out(`${bold(heading ?? '')}\n${lines.join('\n')}\n`);
  if (rows.length > MAX_TABLE_ROWS) {
    terminal.out(
      `These are the first ${plural(MAX_TABLE_ROWS, 'row')}; there are more. All of them: --output csv --file FILE\n`,
    );
  }
}
