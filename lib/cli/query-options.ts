import { type Command, Option } from 'commander';
import type { Configuration } from '../config/configuration.ts';
import { nearestName } from '../config/nearest-name.ts';
import { COLUMNS, type ColumnName } from '../domain/columns.ts';
import { ArchiveError } from '../domain/errors.ts';
import { columnsSchema, type EventQuery } from '../domain/event-query.ts';
import { type AskedWords, askedQuery } from '../query/asked-query.ts';
import type { SearchContext } from '../query/search-events.ts';
import { collect } from './collect.ts';
import { selectFoundations } from './select-foundations.ts';

/** What a person asks for on the command line; the same for `events` and `report`. */
export interface QueryFlags extends AskedWords {
  readonly foundation?: readonly string[];
  readonly limit?: string | undefined;
  readonly columns?: string | undefined;
}

/** When, and where: what every question has. */
export function addRangeOptions(
  command: Command,
  {
    foundationHelp = 'only this foundation (repeatable)',
    timeZoneHelp = 'what days and months are meant in, such as Europe/Berlin; default UTC',
  } = {},
): Command {
  return command
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--foundation <name>', foundationHelp, collect)
    .option('--from <day or instant>', 'first instant; default: the first archived day')
    .option('--to <day or instant>', 'the instant at which the range ends; default: now')
    .option('--today', 'only today')
    .option('--yesterday', 'only yesterday')
    .option('--last <duration>', 'until now, such as 90m, 12h, 7d, 4w')
    .option('--month <month>', 'a whole month, such as 2026-03')
    .option('--time-zone <name>', timeZoneHelp)
    .option('--now <instant>', 'act as if it were then');
}

/** Who did what to what: the filters a report leaves to whoever asks. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--actor <guid or name>', 'who did it; * allowed (repeatable)', collect)
    .option('--target <guid or name>', 'what was acted on; * allowed (repeatable)', collect)
    .option('--space <guid or name>', 'space; * allowed (repeatable)', collect)
    .option('--organization <guid or name>', 'organization; * allowed (repeatable)', collect);
}

/** Filters that only a search has. */
export function addSearchOptions(command: Command): Command {
  return addFilterOptions(command)
    .option('--type <type>', 'a type, or a prefix such as audit.app.* (repeatable)', collect)
    .option('--not-type <type>', 'not this type or prefix (repeatable)', collect)
    .option('--not-target <guid or name>', 'not acted on this (repeatable)', collect)
    .option('--actor-type <type>', 'such as user or process (repeatable)', collect)
    .option('--target-type <type>', 'such as app or route (repeatable)', collect)
    .option('--guid <guid>', 'the event with this GUID (repeatable)', collect)
    .option(
      '--text <text>',
      'occurs in the data of the event; all of several (repeatable)',
      collect,
    )
    .addOption(new Option('--order <order>').choices(['newest', 'oldest']).default('newest'));
}

/**
 * The question that flags ask.
 *
 * @throws ArchiveError QUERY_INVALID, a line for each option that is wrong
 */
export async function queryFrom(
  configuration: Configuration,
  context: SearchContext,
  flags: QueryFlags,
  now: Date,
): Promise<EventQuery> {
  const foundations = selectFoundations(configuration, flags.foundation).map(({ name }) => name);
  const { limit, columns, ...words } = flags;
  const size = {
    limit: limit === undefined ? undefined : wholeNumber(limit),
    columns: columns === undefined ? undefined : columnNames(columns),
  };
  return askedQuery(context, foundations, words, size, now);
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ArchiveError('QUERY_INVALID', `--limit ${text}: write a whole number from 1 to 5000`);
};

/** The headings of the usual table of events, and the column that each is short for. */
export const HEADINGS = {
  time: 'created_at',
  event: 'type',
  actor: 'actor_name',
  target: 'target_name',
  space: 'space_name',
  organization: 'organization_name',
} as const satisfies Readonly<Record<string, ColumnName>>;

/** Columns by their names or by the headings of the usual table, in the order in which they were written. */
export function columnNames(text: string): ColumnName[] {
  const parsed = columnsSchema.safeParse(text.split(',').map((name) => columnName(name.trim())));
  if (parsed.success) return parsed.data;
  throw new ArchiveError(
    'QUERY_INVALID',
    `--columns ${text}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`,
  );
}

function columnName(name: string): ColumnName {
  const known = COLUMNS.map((column) => column.name);
  const found =
    known.find((each) => each === name) ??
    Object.entries(HEADINGS).find(([heading]) => heading === name)?.[1];
  if (found !== undefined) return found;
  const near = nearestName(name, [...known, ...Object.keys(HEADINGS)]);
  throw new ArchiveError(
    'QUERY_INVALID',
    `--columns ${name}: there is no such column; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`,
  );
}
