import type { ColumnName, EventRow } from '../domain/columns.ts';
import { coverageSentence } from '../domain/coverage.ts';
import { secondText } from '../domain/instant.ts';
import type { EventAnswer } from '../query/search-events.ts';
import { columnText } from '../report/export-events.ts';
import { localSecondText } from '../report/local-time.ts';
import { printCost } from './cost-line.ts';
import { columnNames, HEADINGS } from './query-options.ts';
import { tableLines } from './table.ts';
import { bold, type Terminal } from './terminal.ts';
import { plural } from './words.ts';

const COLUMNS = Object.keys(HEADINGS).map((title) => ({ title }));

/** The first text that says anything; the archive keeps empty and null apart, a person need not. */
const firstOf = (...texts: readonly (string | null)[]): string =>
  texts.find((text) => text !== null && text !== '') ?? '';

type TimeText = (instant: Date) => string;

const cells = (row: EventRow, timeText: TimeText): string[] => [
  row.created_at ? timeText(row.created_at) : '',
  firstOf(row.type),
  firstOf(row.actor_name, row.actor_guid),
  firstOf(row.target_name, row.target_guid),
  firstOf(row.space_name, row.space_guid),
  firstOf(row.organization_name, row.organization_guid),
];

export interface TableFlags {
  /** Names of columns to show instead of the usual ones. */
  readonly columns?: string | undefined;
  /** Let the table be wider than the terminal. */
  readonly wide?: boolean;
  /** IANA name of the zone that times are shown in; default UTC. */
  readonly timeZone?: string | undefined;
}

/** The answer for people: how complete it is first, then the events; what it cost goes to the standard error. */
export function printAnswer(answer: EventAnswer, terminal: Terminal, flags: TableFlags = {}): void {
  printTable(answer, terminal, flags);
  printCost({ scannedBytes: () => answer.scannedBytes, dollars: () => answer.dollars }, terminal);
}

function printTable(answer: EventAnswer, terminal: Terminal, flags: TableFlags): void {
  const sentence = coverageSentence(answer.coverage);
  if (sentence !== undefined) terminal.out(`${sentence}\n`);
  if (answer.events.length === 0) {
    terminal.out('No events found.\n');
    return;
  }
  const { timeZone } = flags;
  const localText =
    timeZone === undefined ? undefined : (at: Date): string => localSecondText(at, timeZone);
  const { columns, rows } =
    flags.columns === undefined
      ? { columns: COLUMNS, rows: answer.events.map((row) => cells(row, localText ?? secondText)) }
      : chosen(answer.events, columnNames(flags.columns), localText);
  const width = flags.wide ? Number.POSITIVE_INFINITY : terminal.width;
  const [heading, ...lines] = tableLines(columns, rows, width);
  terminal.out(`${bold(heading ?? '')}\n`);
  for (const line of lines) terminal.out(`${line}\n`);
  if (answer.nextCursor !== null) {
    terminal.out(
      `More than ${plural(answer.events.length, 'event')} match: narrow the question, raise --limit, or ask again with --cursor ${answer.nextCursor}\n`,
    );
  }
}

const chosen = (
  events: readonly EventRow[],
  names: readonly ColumnName[],
  timeText: TimeText = (at) => columnText(at) ?? '',
) => ({
  columns: names.map((title) => ({ title })),
  rows: events.map((row) =>
    names.map((name) => {
      const value = row[name];
      return value instanceof Date ? timeText(value) : (columnText(value) ?? '');
    }),
  ),
});
