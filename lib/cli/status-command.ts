import type { Command } from 'commander';
import { readConfiguration } from '../config/read-configuration.ts';
import { type CoverageBoard, readCoverageBoard } from '../digest/coverage-board.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { collect } from './collect.ts';
import { EXIT_BAD, EXIT_OK } from './exit-code.ts';
import { clockFrom } from './instant-options.ts';
import { selectFoundations } from './select-foundations.ts';
import { printBoard, statusJson } from './status-report.ts';
import type { Terminal } from './terminal.ts';

interface StatusFlags {
  readonly config: string;
  readonly foundation?: readonly string[];
  readonly now?: string;
  readonly json?: boolean;
}

export function addStatusCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('status')
    .description('coverage board: days closed, open, missing, lost, deleted at source')
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--foundation <name>', 'only this foundation (repeatable)', collect)
    .option('--now <instant>', 'act as if it were then')
    .option('--json', 'print the board as JSON')
    .addHelpText(
      'after',
      `
Example:
  cf-audit-archive status --config /etc/cf-audit-archive.yml

Ends with 1 when something is wrong: a loss, a missing day, a digest overdue.

JSON: {"healthy": bool, "foundations": [{"name", "healthy", "newest_event", "newest_digest": {"day",
"key", "sha256"} or null, "digest_overdue", "days": [{"dt", "state": "closed" | "partial" | "open" |
"missing" | "lost", "events", "revisions", "deleted_at_source", "counted_at"}], "losses": [{"kind",
"dt", "from", "to", "events", "last_seen_at"}]}]}`,
    )
    .action(async (flags: StatusFlags) => {
      exit(await status(flags, terminal));
    });
}

async function status(flags: StatusFlags, terminal: Terminal): Promise<number> {
  const now = clockFrom(flags.now)();
  const configuration = await readConfiguration(flags.config);
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  const boards: CoverageBoard[] = [];
  for (const foundation of selectFoundations(configuration, flags.foundation)) {
    boards.push(
      await readCoverageBoard(
        { store, now, policy: foundation, signed: configuration.signing !== undefined },
        foundation.name,
      ),
    );
  }
  if (flags.json) terminal.out(`${JSON.stringify(statusJson(boards), null, 2)}\n`);
  else for (const board of boards) printBoard(board, now, terminal);
  return boards.every(({ healthy }) => healthy) ? EXIT_OK : EXIT_BAD;
}
