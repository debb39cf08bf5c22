import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { describeFailure, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

type AddCommand = (program: Command, terminal: Terminal, exit: (code: number) => void) => void;

/** In the order of the help. Each is loaded by itself: what one command needs would delay the start of every other. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  archive: async () => (await import('./archive-command.ts')).addArchiveCommand,
  digest: async () => (await import('./digest-command.ts')).addDigestCommand,
  verify: async () => (await import('./verify-command.ts')).addVerifyCommand,
  status: async () => (await import('./status-command.ts')).addStatusCommand,
  events: async () => (await import('./events-command.ts')).addEventsCommand,
  report: async () => (await import('./report-command.ts')).addReportCommand,
  serve: async () => (await import('./serve-command.ts')).addServeCommand,
  queries: async () => (await import('./queries-command.ts')).addQueriesCommand,
  ddl: async () => (await import('./ddl-command.ts')).addDdlCommand,
  demo: async () => (await import('./demo-command.ts')).addDemoCommand,
};

/** The command that stands first; all of them for help, and for a name that is none. */
async function commandsFor([first = '']: readonly string[]): Promise<AddCommand[]> {
  const asked = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  const load = asked === undefined ? Object.values(COMMANDS) : [asked];
  return Promise.all(load.map((each) => each()));
}

/**
 * Run the program once.
 *
 * @param args - without interpreter and script
 * @returns the exit code: 0 all is well, 1 it ran and the answer is bad, 2 usage or configuration
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = EXIT_OK;
  const exit = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('cf-audit-archive')
    .description(
      'Keeps every Cloud Foundry audit event, proves it, and answers questions about them.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(--help shows what there is)');
  for (const add of await commandsFor(args)) add(program, terminal, exit);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already said what is wrong; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    const failure = describeFailure(error);
    terminal.err(`${failure.message}\n`);
    return failure.exitCode;
  }
}
