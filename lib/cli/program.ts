import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { addArchiveCommand } from './archive-command.ts';
import { addDdlCommand } from './ddl-command.ts';
import { addDemoCommand } from './demo-command.ts';
import { addDigestCommand } from './digest-command.ts';
import { addEventsCommand } from './events-command.ts';
import { describeFailure, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import { addReportCommand } from './report-command.ts';
import { addStatusCommand } from './status-command.ts';
import type { Terminal } from './terminal.ts';
import { addVerifyCommand } from './verify-command.ts';

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
  addArchiveCommand(program, terminal, exit);
  addDigestCommand(program, terminal, exit);
  addVerifyCommand(program, terminal, exit);
  addStatusCommand(program, terminal, exit);
  addEventsCommand(program, terminal, exit);
  addReportCommand(program, terminal, exit);
  addDdlCommand(program, terminal, exit);
  addDemoCommand(program, terminal, exit);
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
