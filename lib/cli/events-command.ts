import { type Command, Option } from 'commander';
import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { coverageSentence } from '../domain/coverage.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { answerJson } from '../query/answer-json.ts';
import { type EventAnswer, searchEvents, streamEvents } from '../query/search-events.ts';
import { eventsExport } from '../report/events-source.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../report/export-source.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { printCost } from './cost-line.ts';
import { printAnswer } from './events-report.ts';
import { EXIT_OK } from './exit-code.ts';
import { exportRows, formatFrom } from './export-output.ts';
import { clockFrom } from './instant-options.ts';
import { withSearch } from './open-search.ts';
import {
  addRangeOptions,
  addSearchOptions,
  columnNames,
  type QueryFlags,
  queryFrom,
} from './query-options.ts';
import type { Terminal } from './terminal.ts';
import { questionHints } from './type-hints.ts';

export interface EventFlags extends QueryFlags {
  readonly cursor?: string;
}

interface EventsCommandFlags extends EventFlags {
  readonly config: string;
  readonly now?: string;
  readonly output?: 'table' | ExportFormat;
  readonly json?: boolean;
  readonly file?: string;
  readonly wide?: boolean;
}

export function addEventsCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program.command('events').description('search the archived events');
  addSearchOptions(addRangeOptions(command, { timeZoneHelp: TIME_ZONE }))
    .option('--limit <n>', 'events on a page, 1 to 5000; default 50')
    .option('--cursor <cursor>', 'the next page: what the page before ended with')
    .option(
      '--columns <names>',
      'columns to show, such as created_at,type,target_name; or headings: time,target',
    )
    .option('--wide', 'do not cut the table to the width of the terminal')
    .addOption(
      new Option('--output <format>', 'default: what FILE ends in, else table').choices([
        'table',
        ...EXPORT_FORMATS,
      ]),
    )
    .option('--file <file>', 'write all events there; the file appears when it is complete')
    .option('--json', 'the same as --output json')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive events --target checkout --type audit.app.delete-request
  cf-audit-archive events --space payments --month 2026-03 --time-zone Europe/Berlin --json
  cf-audit-archive events --actor 'ann@*' --last 90d --not-type 'audit.app.*'

A table and JSON are pages. NDJSON, CSV, Parquet, and whatever goes into a file, hold every event that
matches; how complete they are then stands on the standard error. So does, but for JSON, what was
scanned and its price in US dollars, where an answer costs money.

Times are in UTC; in a table they are in --time-zone.

Names match whole and in any case, * stands for any text; a text in the form of a GUID is a GUID,
upper case or lower.

JSON: {"events": [Cloud Controller's event with names beside the GUIDs …], "next_cursor": text or
null, "coverage": {"complete", "days", "not_closed", "message"}, "scanned_bytes": n, "cost_usd": n}`,
    )
    .action(async (flags: EventsCommandFlags) => {
      const format = formatFrom(flags);
      const now = clockFrom(flags.now)();
      const configuration = await readConfiguration(flags.config);
      const store = await openObjectStore(configuration.archiveUrl, process.env);
      for (const hint of questionHints(flags)) terminal.err(`${hint}\n`);
      if (format !== 'table' && (format !== 'json' || flags.file !== undefined)) {
        await exportEvents(configuration, store, { ...flags, format }, now, terminal);
      } else {
        const answer = await answerEvents(configuration, store, flags, now);
        if (format === 'json') terminal.out(`${answerJson(answer)}\n`);
        else printAnswer(answer, terminal, flags);
      }
      exit(EXIT_OK);
    });
}

/** Every event that matches, as a file or on the standard output. */
function exportEvents(
  configuration: Configuration,
  store: ObjectStore,
  flags: EventFlags & { readonly format: ExportFormat; readonly file?: string },
  now: Date,
  terminal: Terminal,
): Promise<void> {
  const { format, file, columns, cursor, limit, ...asked } = flags;
  for (const [option, given] of Object.entries({ cursor, limit })) {
    if (given === undefined) continue;
    const everything = file === undefined ? `--output ${format}` : `--file ${file}`;
    throw new ArchiveError(
      'USAGE_INVALID',
      `--${option}: pages are for tables and JSON; ${everything} holds everything that matches`,
    );
  }
  const shown = columns === undefined ? undefined : columnNames(columns);
  const whole = format === 'json' || format === 'ndjson';
  return withSearch(configuration, store, now, async (context) => {
    const read = whole ? asked : { ...asked, columns };
    const query = await queryFrom(configuration, context, read, now);
    const found = await streamEvents(context, query);
    const sentence = coverageSentence(found.coverage);
    if (sentence !== undefined) terminal.err(`${sentence}\n`);
    await exportRows(eventsExport(found.batches, shown), format, file, terminal);
    printCost(found, terminal);
  });
}

/** Ask the archive what the flags ask. */
export function answerEvents(
  configuration: Configuration,
  store: ObjectStore,
  { cursor, columns, ...flags }: EventFlags & { readonly json?: boolean; readonly output?: string },
  now: Date,
): Promise<EventAnswer> {
  const whole = flags.json || flags.output === 'json';
  return withSearch(configuration, store, now, async (context) => {
    const read = whole ? {} : { columns: columns ?? TABLE_COLUMNS };
    const query = await queryFrom(configuration, context, { ...flags, ...read }, now);
    return searchEvents(context, query, cursor);
  });
}

const TIME_ZONE =
  'what days and months are meant in, and a table shows, such as Europe/Berlin; default UTC';

/** What the usual table shows; everything else need not be read. */
const TABLE_COLUMNS =
  'created_at,type,actor_name,actor_guid,target_name,target_guid,space_name,space_guid,organization_name,organization_guid';
