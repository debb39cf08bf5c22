import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { QUERY_LOG_NAME, QUERY_LOG_TABLE } from '../catalogue/query-log-table.ts';
import {
  catalogueStatements,
  DIALECTS,
  type Dialect,
  glueViewInputs,
  queryLogStatements,
  type Statement,
} from '../catalogue/statements.ts';
import { glueTableInput, type TableSpec } from '../catalogue/table.ts';
import { VIEWS } from '../catalogue/views.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { parseArchiveUrl } from '../domain/archive-url.ts';
import { DAY_MS, type Day, dayOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { type FoundationName, foundationNameSchema } from '../domain/foundation.ts';
import { plusMs } from '../domain/instant.ts';
import { manifestsPrefix, parseRevisionKey } from '../domain/object-keys.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { blamingArchiveFlag } from './archive-flag.ts';
import { collect } from './collect.ts';
import { EXIT_OK } from './exit-code.ts';
import { clockFrom, parseDay } from './instant-options.ts';
import type { Terminal } from './terminal.ts';

interface DdlFlags {
  readonly dialect: Dialect;
  readonly config: string;
  readonly archive?: string;
  readonly foundation?: readonly string[];
  readonly location?: string;
  readonly database?: string;
  readonly table?: string;
  readonly firstDay?: string;
  readonly now?: string;
  readonly json?: boolean;
}

const DEFAULT_DATABASE = 'audit_archive';
const DEFAULT_TABLE = 'events';

/** An empty archive may begin as early as Cloud Controller's own memory, and a day more: it keeps 31 to 32 days. */
const DEFAULT_RETENTION_DAYS = 31;

export function addDdlCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('ddl')
    .description(
      'print the SQL that makes the archive a table with views, for Athena, Trino or DuckDB',
    )
    .addOption(
      new Option('--dialect <engine>', 'whose SQL').choices(DIALECTS).makeOptionMandatory(),
    )
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--archive <url>', 'another archive than the configured: file:PATH or s3://BUCKET')
    .option('--foundation <name>', 'only this foundation (repeatable)', collect)
    .option('--location <url>', 'the archive as the engine reaches it, such as local:///archive')
    .option('--database <name>', `default: the configured, or ${DEFAULT_DATABASE}`)
    .option('--table <name>', `default: the configured, or ${DEFAULT_TABLE}`)
    .option('--first-day <day>', 'earlier days have no rows; default: the first archived day')
    .option('--now <instant>', 'act as if it were then')
    .option('--json', 'print the statements, and what Glue takes, as JSON')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive ddl --dialect duckdb > views.sql && duckdb -init views.sql
  cf-audit-archive ddl --dialect athena --archive s3://my-audit-archive --foundation eu-1 --first-day 2026-01-01

With --archive and --foundation no configuration is needed, with --first-day the archive is not
read. Athena runs one statement at a time. A new foundation is in the table only when the table
is made anew: DROP TABLE first; the table is external, the archive's files stay.
docs/sql.md has questions to ask.

JSON: {"dialect", "database", "table", "location", "foundations", "first_day",
"statements": [{"kind": "database" | "table" | "function" | "view", "name", "sql"}],
"glue": {"table": TableInput, "views": [TableInput …], "query_log": TableInput} or null}`,
    )
    .action(async (flags: DdlFlags) => {
      const spec = await toTableSpec(flags);
      terminal.out(flags.json ? ddlJson(flags.dialect, spec) : ddlText(flags.dialect, spec));
      exit(EXIT_OK);
    });
}

const allStatements = (dialect: Dialect, spec: TableSpec): Statement[] => [
  ...catalogueStatements(dialect, spec),
  ...queryLogStatements(dialect, spec),
];

function ddlText(dialect: Dialect, spec: TableSpec): string {
  return allStatements(dialect, spec)
    .map(({ sql }) => `${sql};\n`)
    .join('\n');
}

function ddlJson(dialect: Dialect, spec: TableSpec): string {
  const document = {
    dialect,
    database: spec.database,
    table: spec.table,
    location: spec.location,
    foundations: spec.foundations,
    first_day: spec.firstDay,
    statements: allStatements(dialect, spec),
    glue:
      dialect === 'athena'
        ? {
            table: glueTableInput(spec),
            views: glueViewInputs(spec),
            query_log: glueTableInput({ ...spec, table: QUERY_LOG_NAME }, QUERY_LOG_TABLE),
          }
        : null,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What the flags say, and for the rest the configuration, which is not read when they say enough. */
async function toTableSpec(flags: DdlFlags): Promise<TableSpec> {
  const configuration =
    flags.archive === undefined || flags.foundation === undefined
      ? await readConfiguration(flags.config)
      : undefined;
  const archive = flags.archive ?? configuration?.archiveUrl ?? '';
  const foundations = foundationsOf(
    flags.foundation,
    configuration?.foundations.map(({ name }) => name),
  );
  const engine = configuration?.engine;
  const configured = engine?.kind === 'athena' ? engine : undefined;
  const names = {
    database: nameOf('--database', flags.database ?? configured?.database ?? DEFAULT_DATABASE),
    table: nameOf('--table', flags.table ?? configured?.table ?? DEFAULT_TABLE),
  };
  const isView = VIEWS.some(({ name }) => name === names.table);
  if (isView || names.table === QUERY_LOG_NAME) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--table ${names.table}: ${isView ? 'a view' : 'the query log'} has this name; choose another, such as ${DEFAULT_TABLE}`,
    );
  }
  const location = locationOf(flags, archive);
  const retentionDays = Math.max(
    ...(configuration?.foundations.map((each) => each.retentionDays) ?? [DEFAULT_RETENTION_DAYS]),
  );
  return {
    ...names,
    location,
    foundations,
    firstDay:
      flags.firstDay === undefined
        ? ((await firstArchivedDay(archive, foundations, flags.archive !== undefined)) ??
          dayOf(plusMs(clockFrom(flags.now)(), -(retentionDays + 1) * DAY_MS)))
        : parseDay('--first-day', flags.firstDay),
  };
}

function foundationsOf(
  written: readonly string[] | undefined,
  configured: readonly FoundationName[] | undefined,
): FoundationName[] {
  const names = (written ?? configured ?? []).map((name) => {
    const parsed = foundationNameSchema.safeParse(name);
    if (!parsed.success) {
      throw new ArchiveError(
        'USAGE_INVALID',
        `--foundation ${name}: ${parsed.error.issues[0]?.message}`,
      );
    }
    if (configured !== undefined && !configured.includes(parsed.data)) {
      throw new ArchiveError(
        'USAGE_INVALID',
        `--foundation ${name}: the configuration has no such foundation; it has ${configured.join(', ')}`,
      );
    }
    return parsed.data;
  });
  return [...new Set(names)];
}

/** Names stand in statements unquoted by some tools: nothing but what every engine takes. Glue keeps them in lower case. */
function nameOf(option: string, name: string): string {
  if (/^\w{1,255}$/.test(name)) return name.toLowerCase();
  throw new ArchiveError(
    'USAGE_INVALID',
    `${option} ${name}: write 1 to 255 of a-z, 0-9 and _ (no engine takes all others)`,
  );
}

/** The archive's root as the engine reaches it. */
function locationOf({ dialect, location }: DdlFlags, archive: string): string {
  const place = parseArchiveUrl(archive);
  if (place.kind === 'invalid') {
    throw new ArchiveError('USAGE_INVALID', `--archive: ${place.problem}`);
  }
  const reached = location?.replace(/\/+$/, '');
  if (reached === '' || reached?.includes('\0')) {
    throw new ArchiveError('USAGE_INVALID', '--location: write a URL such as s3://BUCKET');
  }
  const url = reached ?? urlOf(dialect, place);
  if (dialect === 'athena' && !url.startsWith('s3://')) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `Athena reads S3 only, and the archive is ${archive}: write --archive s3://BUCKET, or --dialect duckdb or trino`,
    );
  }
  return url;
}

function urlOf(
  dialect: Dialect,
  place: { kind: 'folder'; path: string } | { kind: 'bucket'; bucket: string },
): string {
  if (place.kind === 'bucket') return `s3://${place.bucket}`;
  // Trino's own file system for folders, with `local.location=/`.
  return dialect === 'duckdb' ? resolve(place.path) : `local://${resolve(place.path)}`;
}

/** Undefined when nothing is archived yet. */
async function firstArchivedDay(
  archive: string,
  foundations: readonly FoundationName[],
  isNamedByFlag: boolean,
): Promise<Day | undefined> {
  try {
    const store = await openObjectStore(archive, process.env);
    const days: Day[] = [];
    for (const foundation of foundations) {
      for await (const { key } of store.list(manifestsPrefix(foundation))) {
        const day = parseRevisionKey(key)?.day;
        if (day === undefined) continue;
        days.push(day);
        break;
      }
    }
    return days.sort()[0];
  } catch (error) {
    const cause = isNamedByFlag ? blamingArchiveFlag(error) : error;
    if (!(cause instanceof ArchiveError)) throw cause;
    throw new ArchiveError(
      cause.code,
      `the first archived day cannot be looked up; write it with --first-day. ${cause.message}`,
      { cause },
    );
  }
}
