import { type Command, Option } from 'commander';
import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { type EventAnswer, searchEvents } from '../query/search-events.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { answerJson, printAnswer } from './events-report.ts';
import { EXIT_OK } from './exit-code.ts';
import { clockFrom } from './instant-options.ts';
import { withSearch } from './open-search.ts';
import { addRangeOptions, addSearchOptions, type QueryFlags, queryFrom } from './query-options.ts';
import type { Terminal } from './terminal.ts';

export interface EventFlags extends QueryFlags {
  readonly cursor?: string;
}

interface EventsCommandFlags extends EventFlags {
  readonly config: string;
  readonly now?: string;
  readonly output: 'table' | 'json';
  readonly json?: boolean;
  readonly wide?: boolean;
}

export function addEventsCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program.command('events').description('search the archived events');
  addSearchOptions(addRangeOptions(command))
    .option('--limit <n>', 'events on a page, 1 to 5000', '50')
    .option('--cursor <cursor>', 'the next page: what the page before ended with')
    .option('--columns <names>', 'columns of the table, such as created_at,type,target_name')
    .option('--wide', 'do not cut the table to the width of the terminal')
    .addOption(new Option('--output <format>').choices(['table', 'json']).default('table'))
    .option('--json', 'the same as --output json')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive events --target checkout --type audit.app.delete-request
  cf-audit-archive events --space payments --month 2026-03 --time-zone Europe/Berlin --json
  cf-audit-archive events --actor 'ann@*' --last 90d --not-type 'audit.app.*'

Names match whole and in any case, * stands for any text; a text in the form of a GUID is a GUID.

JSON: {"events": [Cloud Controller's event with names beside the GUIDs …], "next_cursor": text or
null, "coverage": {"complete", "days", "not_closed", "message"}, "scanned_bytes": n, "cost_usd": n}`,
    )
    .action(async (flags: EventsCommandFlags) => {
      const now = clockFrom(flags.now)();
      const configuration = await readConfiguration(flags.config);
      const store = openObjectStore(configuration.archiveUrl, process.env);
      const json = flags.json || flags.output === 'json';
      const answer = await answerEvents(configuration, store, flags, now);
      if (json) terminal.out(`${answerJson(answer)}\n`);
      else printAnswer(answer, terminal, flags);
      exit(EXIT_OK);
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

/** What the usual table shows; everything else need not be read. */
const TABLE_COLUMNS =
  'created_at,type,actor_name,actor_guid,target_name,target_guid,space_name,space_guid,organization_name,organization_guid';
