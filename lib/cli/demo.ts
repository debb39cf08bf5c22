import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { signDigest } from '../digest/sign-digest.ts';
import { parseArchiveKey } from '../domain/archive-key.ts';
import { dayOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { foundationNameSchema } from '../domain/foundation.ts';
import { runsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { FoundationRun } from '../runs/run-foundation.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { openSigner } from '../signing/open-signer.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { TOOL } from '../version.ts';
import { archiveExitCode, storedAnything, summaryLine } from './archive-report.ts';
import { DEMO_NOW, startDemoFoundation } from './demo-foundation.ts';
import { digestLines } from './digest-report.ts';
import { answerEvents, type EventFlags } from './events-command.ts';
import { printAnswer } from './events-report.ts';
import { clockFrom } from './instant-options.ts';
import { runArchive } from './run-archive.ts';
import { storedDayLines } from './stored-days-table.ts';
import { bold, type Terminal } from './terminal.ts';

const FOUNDATION = foundationNameSchema.parse('sample');
/** How the demo knows a configuration that it wrote itself. */
const MARK = '# Written anew by each demo.';

const MINUTE_MS = 60_000;
const MAX_TIME_MS = 15 * MINUTE_MS;

/** What a support person asks, and the flags that ask it. */
const QUESTIONS: readonly { question: string; flags: EventFlags }[] = [
  {
    question: 'Who deleted app checkout, and when?',
    flags: { target: ['checkout'], type: ['audit.app.delete-request'] },
  },
  {
    question: 'What happened in space payments last month?',
    flags: { space: ['payments'], from: '2026-10-01', to: '2026-11-01', limit: '10' },
  },
];

/** Other things to try: a command, and its flags. */
const MORE: readonly (readonly [command: string, flags: string])[] = [
  ['events', '--organization shop --type "audit.user.*" --limit 20'],
  ['events', '--target "check*" --order oldest'],
  ['events', '--type app.crash --from 2026-11-10 --to 2026-11-11 --json'],
  ['status', ''],
  ['verify', ''],
];

/**
 * Archive a sample foundation and ask the archive two questions: the main job on the embedded default.
 *
 * @param directory - absolute; archive and configuration stay there
 * @returns the exit code
 */
export async function runDemo(directory: string, terminal: Terminal): Promise<number> {
  terminal.out(`Starting a sample Cloud Foundry foundation with 35 days of audit events …\n`);
  const { foundation, client } = await startDemoFoundation();
  try {
    const configFile = await writeDemoConfiguration(directory, foundation.apiUrl, client);
    const configuration = await readConfiguration(configFile);
    const store = await openObjectStore(configuration.archiveUrl, process.env);
    await store.check();

    const now = await clockOfRun(store);

    terminal.out(
      `Archiving what its retention still holds into ${show(directory, 'archive')}/ …\n`,
    );
    const runs = await withWorkDirectory((workDirectory) =>
      runArchive({
        configuration,
        store,
        terminal: { ...terminal, err: terminal.interactive ? terminal.err : () => undefined },
        now,
        workDirectory,
        maxTimeMs: MAX_TIME_MS,
      }),
    );
    await printDays(runs, store, terminal);
    await sign(configuration, store, now, terminal);
    for (const { question, flags } of QUESTIONS) {
      await ask(configuration, store, question, flags, configFile, terminal);
    }
    printMore(directory, configFile, terminal);
    return archiveExitCode(runs);
  } finally {
    await foundation.close();
  }
}

/** The demo's days are always the same, but a run is never of the same instant as the one before: a minute passes between two demos. */
async function clockOfRun(store: ObjectStore): Promise<() => Date> {
  let start = DEMO_NOW;
  for await (const { key } of store.list(runsPrefix(FOUNDATION))) {
    const run = parseArchiveKey(key);
    if (run?.kind === 'run') start = new Date(run.startedAt.getTime() + MINUTE_MS);
  }
  return clockFrom(start.toISOString());
}

/** The configuration that the demo runs with, written as an operator would, so that every command works on what the demo left. */
async function writeDemoConfiguration(
  directory: string,
  api: string,
  client: { id: string; secret: string },
): Promise<string> {
  const file = join(directory, 'cf-audit-archive.yml');
  await refuseForeign(file);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'client-secret'), `${client.secret}\n`, { mode: 0o600 });
  await writeFile(
    file,
    `${MARK} The sample foundation ends with the demo; the archive stays and answers.
archive: file:./archive
foundations:
  - name: ${FOUNDATION}
    api: ${api}
    client_id: ${client.id}
    client_secret: { file: ./client-secret }
signing: { ed25519: { file: ./archive-signing-key.pem } }
`,
  );
  return file;
}

/** An operator's own configuration is never overwritten. */
async function refuseForeign(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || text.startsWith(MARK)) return;
  throw new ArchiveError(
    'USAGE_INVALID',
    `${file} is there and not the demo's; choose another folder with --directory`,
  );
}

async function printDays(
  runs: readonly FoundationRun[],
  store: ObjectStore,
  terminal: Terminal,
): Promise<void> {
  const lines = await storedDayLines(store, FOUNDATION, dayOf(DEMO_NOW));
  terminal.out(`\n${bold(lines[0] ?? '')}\n${lines.slice(1).join('\n')}\n\n`);
  for (const run of runs) {
    if (run.kind === 'refused') terminal.err(`${run.error.message}\n`);
    else {
      terminal.out(`${summaryLine(run)}\n`);
      if (!storedAnything(run)) {
        terminal.out(
          'Nothing new at the source since the last demo: nothing was written but the record of this run.\n',
        );
      }
    }
  }
}

/** The day's link of the signed chain: what makes the archive provable to someone who trusts nobody. */
async function sign(
  configuration: Configuration,
  store: ObjectStore,
  now: () => Date,
  terminal: Terminal,
): Promise<void> {
  if (configuration.signing === undefined) return;
  const signer = await openSigner(configuration.signing);
  const outcome = await signDigest({ store, signer, now, tool: TOOL }, FOUNDATION);
  terminal.out(digestLines({ name: FOUNDATION, outcome }).join(''));
}

async function ask(
  configuration: Configuration,
  store: ObjectStore,
  question: string,
  flags: EventFlags,
  configFile: string,
  terminal: Terminal,
): Promise<void> {
  terminal.out(`\n${bold(question)}\n$ ${commandLine(configFile, 'events', flagText(flags))}\n`);
  printAnswer(await answerEvents(configuration, store, flags, DEMO_NOW), terminal);
}

function printMore(directory: string, configFile: string, terminal: Terminal): void {
  terminal.out(`\n${bold('Ask more:')}\n`);
  for (const [command, flags] of MORE) {
    terminal.out(`$ ${commandLine(configFile, command, flags)}\n`);
  }
  terminal.out(`\nThe archive stays in ${show(directory, 'archive')}/ as plain Parquet.\n`);
}

const show = (directory: string, name: string): string =>
  relative(process.cwd(), join(directory, name)) || '.';

const commandLine = (configFile: string, command: string, flags: string): string =>
  `npm run cli -- ${command} --config ${quoted(relative(process.cwd(), configFile))} --now ${DEMO_NOW.toISOString().slice(0, 19)}Z ${flags}`.trimEnd();

/** As a shell takes it for one word. */
const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const flagText = (flags: EventFlags): string =>
  Object.entries(flags)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each) => `--${name} ${each}`),
    )
    .join(' ');
