import { type Command, Option } from 'commander';
import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { dayOf, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { type EventQuery, eventQuerySchema } from '../domain/event-query.ts';
import { earlierOf } from '../domain/instant.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { DuckDBEngine } from '../engine/duckdb-engine.ts';
import { type EventAnswer, firstStoredDay, searchEvents } from '../query/search-events.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { answerJson, printAnswer } from './events-report.ts';
import { EXIT_OK } from './exit-code.ts';
import { clockFrom, endOfDay, parseDayOrInstant } from './instant-options.ts';
import { selectFoundations } from './run-archive.ts';
import type { Terminal } from './terminal.ts';
import { withWorkDirectory } from './work-directory.ts';

export interface EventFlags {
  readonly foundation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly type?: readonly string[];
  readonly target?: readonly string[];
  readonly space?: readonly string[];
  readonly organization?: readonly string[];
  readonly order?: 'newest' | 'oldest';
  readonly limit?: string;
}

interface EventsCommandFlags extends EventFlags {
  readonly config: string;
  readonly now?: string;
  readonly output: 'table' | 'json';
  readonly json?: boolean;
}

const collect = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function addEventsCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('events')
    .description('search the archived events')
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--foundation <name>', 'only this foundation')
    .option('--from <day or instant>', 'first instant; default: the first archived day')
    .option('--to <day or instant>', 'the instant at which the range ends; default: now')
    .option('--type <type>', 'a type, or a prefix such as audit.app.* (repeatable)', collect)
    .option('--target <guid or name>', 'what was acted on; * allowed (repeatable)', collect)
    .option('--space <guid or name>', 'space; * allowed (repeatable)', collect)
    .option('--organization <guid or name>', 'organization; * allowed (repeatable)', collect)
    .addOption(new Option('--order <order>').choices(['newest', 'oldest']).default('newest'))
    .option('--limit <n>', 'events at most, 1 to 5000', '50')
    .addOption(new Option('--output <format>').choices(['table', 'json']).default('table'))
    .option('--json', 'the same as --output json')
    .option('--now <instant>', 'act as if it were then')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive events --target checkout --type audit.app.delete-request
  cf-audit-archive events --space payments --from 2026-03-01 --to 2026-04-01 --json

JSON: {"events": [Cloud Controller's event with names beside the GUIDs …], "next_cursor": null,
"more": bool, "coverage": {"complete", "days", "not_closed"}, "scanned_bytes": n}`,
    )
    .action(async (flags: EventsCommandFlags) => {
      const now = clockFrom(flags.now)();
      const configuration = await readConfiguration(flags.config);
      const store = openObjectStore(configuration.archiveUrl, process.env);
      const answer = await answerEvents(configuration, store, flags, now);
      if (flags.json || flags.output === 'json') terminal.out(`${answerJson(answer)}\n`);
      else printAnswer(answer, terminal);
      exit(EXIT_OK);
    });
}

/** Ask the archive what the flags ask. */
export async function answerEvents(
  configuration: Configuration,
  store: ObjectStore,
  flags: EventFlags,
  now: Date,
): Promise<EventAnswer> {
  const query = await toQuery(configuration, store, flags, now);
  return withWorkDirectory(async (workDirectory) => {
    const engine = await DuckDBEngine.open(workDirectory);
    try {
      return await searchEvents(
        {
          store,
          engine,
          policies: new Map(configuration.foundations.map((each) => [each.name, each])),
          now,
          cacheDirectory: workDirectory,
        },
        query,
      );
    } finally {
      engine.close();
    }
  });
}

async function toQuery(
  configuration: Configuration,
  store: ObjectStore,
  flags: EventFlags,
  now: Date,
): Promise<EventQuery> {
  const foundations = selectFoundations(configuration, flags.foundation).map(({ name }) => name);
  const parsed = eventQuerySchema.safeParse({
    foundations,
    ...(await rangeOf(flags, now, () => archiveBegin(store, foundations, now))),
    types: flags.type,
    targets: flags.target,
    spaces: flags.space,
    organizations: flags.organization,
    order: flags.order,
    limit: flags.limit === undefined ? undefined : wholeNumber(flags.limit),
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `--${OPTION_OF[String(path[0])] ?? String(path[0])}: ${message}`,
    );
    throw new ArchiveError('QUERY_INVALID', problems.join('\n'));
  }
  return parsed.data;
}

/** The asked range, at most until the end of today: after it nothing has happened yet, and no day can be missing. */
async function rangeOf(
  flags: EventFlags,
  now: Date,
  begin: () => Promise<Date>,
): Promise<{ from: Date; to: Date }> {
  const today = endOfDay(dayOf(now));
  const from = flags.from === undefined ? await begin() : parseDayOrInstant('--from', flags.from);
  const to = flags.to === undefined ? today : parseDayOrInstant('--to', flags.to);
  if (from >= today) throw new ArchiveError('QUERY_INVALID', '--from lies in the future');
  if (from >= to) throw new ArchiveError('QUERY_INVALID', '--from must be earlier than --to');
  return { from, to: earlierOf(to, today) };
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ArchiveError('QUERY_INVALID', `--limit ${text}: write a whole number from 1 to 5000`);
};

const OPTION_OF: Readonly<Record<string, string>> = {
  types: 'type',
  targets: 'target',
  spaces: 'space',
  organizations: 'organization',
};

/** The first day that any of the foundations has; today when none has any. */
async function archiveBegin(
  store: ObjectStore,
  foundations: EventQuery['foundations'],
  now: Date,
): Promise<Date> {
  const days = await Promise.all(foundations.map((name) => firstStoredDay(store, name)));
  return startOf(days.filter((day) => day !== undefined).sort()[0] ?? dayOf(now));
}
