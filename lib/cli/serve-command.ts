import { type Command, Option } from 'commander';
import { readConfiguration } from '../config/read-configuration.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { QuestionFiles } from '../query-log/ports.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { openApp } from '../serving/open-app.ts';
import { openEngine } from '../serving/open-engine.ts';
import { openQueryLog } from '../serving/open-query-log.ts';
import { fileWriter } from '../serving/write-file.ts';
import { writeParquet } from '../serving/write-parquet.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { describeFailure, EXIT_OK } from './exit-code.ts';
import { clockFrom } from './instant-options.ts';
import { listen } from './listen.ts';
import type { Terminal } from './terminal.ts';
import { cursorKey, guidIndexDirectory, partCacheDirectory } from './user-directory.ts';

interface ServeFlags {
  readonly config: string;
  readonly port: string;
  readonly host: string;
  readonly now?: string;
}

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/;

/** By which names a server without identity is asked by those who are meant to ask it. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

export function addServeCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('serve')
    .description(
      "answer over HTTP: Cloud Controller's audit events for its clients, and our own API",
    )
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option(
      '--host <address>',
      "address to listen on; any but this machine's own needs identity",
      '127.0.0.1',
    )
    .addOption(new Option('--port <n>', '0: any free one').default('8080'))
    .option('--now <instant>', 'act as if it were then, and go on from there')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive serve
  cf api http://127.0.0.1:8080 && cf events my-app
  curl 'http://127.0.0.1:8080/api/v1/events?target=checkout&last=90d'

Without \`http: { identity: uaa }\` in the configuration, whoever reaches it sees everything: it then
listens on this machine alone. docs/http-api.md is a tour. Ctrl-C ends it.`,
    )
    .action(async (flags: ServeFlags) => {
      await serveArchive(flags, terminal);
      exit(EXIT_OK);
    });
}

/** Serve until a signal ends it. */
async function serveArchive(flags: ServeFlags, terminal: Terminal): Promise<void> {
  const port = portOf(flags.port);
  const now = clockFrom(flags.now);
  const configuration = await readConfiguration(flags.config);
  const { identity } = configuration.http;
  if (identity === 'none' && !LOOPBACK.test(flags.host)) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--host ${flags.host}: without identity everybody there would see everything; write http: { identity: uaa } into the configuration, or listen on 127.0.0.1`,
    );
  }
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  await withWorkDirectory(async (workDirectory) => {
    const { engine, close: closeEngine } = await openEngine(configuration, store, {
      workDirectory,
      partsDirectory: () => partCacheDirectory(store.url),
      guidIndexDirectory: guidIndexDirectory(store.url),
    });
    const { app, close } = await openApp({
      configuration,
      store,
      engine,
      queries: openQueryLog(store, workDirectory, now, openDuckDBQuestions),
      writeFile: fileWriter(workDirectory, writeParquet),
      now,
      machineCursorKey: cursorKey,
      allowedHosts: identity === 'none' ? namesOf(configuration.http) : undefined,
      environment: process.env,
      onFault: (error) => terminal.err(`${describeFailure(error).message}\n`),
    });
    try {
      await listen(app, { host: flags.host, port }, (url) => {
        const who =
          identity === 'none'
            ? 'whoever is on this machine sees everything'
            : 'callers are known by their tokens';
        terminal.out(
          `Serving ${configuration.foundations.map(({ name }) => name).join(', ')} on ${url}: ${who}\n`,
        );
      });
    } finally {
      closeEngine();
      await close();
    }
  });
}

/** The database is loaded when somebody asks. */
async function openDuckDBQuestions(spillDirectory: string): Promise<QuestionFiles> {
  const { DuckDBQuestionDays } = await import('../parquet/question-days.ts');
  return new DuckDBQuestionDays(spillDirectory);
}

function namesOf({
  url,
  hosts,
}: {
  readonly url: string | undefined;
  readonly hosts: Readonly<Record<string, string>>;
}) {
  return [
    ...LOOPBACK_NAMES,
    ...Object.values(hosts),
    ...(url === undefined ? [] : [new URL(url).hostname]),
  ];
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ArchiveError('USAGE_INVALID', `--port ${text}: write a number from 0 to 65535`);
}
