import { appendFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parseDuration } from '../config/duration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationRun } from '../runs/run-foundation.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import {
  archiveExitCode,
  archiveJson,
  dayWords,
  lossWords,
  summaryLine,
} from './archive-report.ts';
import { collect } from './collect.ts';
import { clockFrom, parseDay } from './instant-options.ts';
import { runArchive } from './run-archive.ts';
import type { Terminal } from './terminal.ts';

interface ArchiveFlags {
  readonly config: string;
  readonly foundation?: readonly string[];
  readonly day?: string;
  readonly maxTime: string;
  readonly now?: string;
  readonly json?: boolean;
  readonly metrics?: string;
}

export function addArchiveCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('archive')
    .description('store every closed day of every foundation that needs work')
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--foundation <name>', 'only this foundation (repeatable)', collect)
    .option('--day <day>', 'only this UTC day, such as 2026-03-01')
    .option('--max-time <duration>', 'stop cleanly after so long; the next run goes on', '15m')
    .option('--now <instant>', 'act as if it were then')
    .option('--json', 'print the result as JSON')
    .option('--metrics <file>', 'append what the run counted, losses too, for CloudWatch')
    .addHelpText(
      'after',
      `
Example:
  cf-audit-archive archive --config /etc/cf-audit-archive.yml --max-time 1h

--metrics appends a line of JSON a foundation, in CloudWatch's embedded metric format: the agent
makes DaysArchived, DaysFailed, EventsStored, Losses, EventsLost, RunsFailed … of it.

JSON: {"foundations": [{"name", "error": {"code", "message"} or null, "days": [{"dt",
"result": "archived" | "unchanged" | "failed" | "postponed", …}], "losses": [{"kind", "dt",
"from", "to", "events", "last_seen_at"}]}]}`,
    )
    .action(async (flags: ArchiveFlags) => {
      exit(await archive(flags, terminal));
    });
}

async function archive(flags: ArchiveFlags, terminal: Terminal): Promise<number> {
  const maxTimeMs = parseDuration(flags.maxTime);
  if (maxTimeMs === undefined || maxTimeMs === 0) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--max-time ${flags.maxTime}: write a whole number and s, m, h or d, such as 15m`,
    );
  }
  const day = flags.day === undefined ? undefined : parseDay('--day', flags.day);
  const now = clockFrom(flags.now);
  const configuration = await readConfiguration(flags.config);
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  await store.check();
  const runs = await withWorkDirectory((workDirectory) =>
    runArchive({
      configuration,
      store,
      terminal,
      now,
      workDirectory,
      foundations: flags.foundation,
      day,
      maxTimeMs,
    }),
  );
  if (flags.metrics !== undefined) await appendMetrics(flags.metrics, runs);
  if (flags.json) terminal.out(`${JSON.stringify(archiveJson(runs), null, 2)}\n`);
  else printRuns(runs, terminal);
  return archiveExitCode(runs);
}

async function appendMetrics(file: string, runs: readonly FoundationRun[]): Promise<void> {
  const { runMetricsLine } = await import('../telemetry/run-metrics.ts');
  const lines = runs.map((run) => `${runMetricsLine(run)}\n`);
  try {
    await appendFile(file, lines.join(''));
  } catch (cause) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--metrics ${file}: cannot be written: ${Object(cause).message}`,
      { cause },
    );
  }
}

function printRuns(runs: readonly FoundationRun[], terminal: Terminal): void {
  for (const run of runs) {
    for (const day of run.kind === 'ran' ? run.days : []) {
      // Where lines cannot be rewritten, the progress has told each day already.
      if (day.kind === 'failed' && terminal.interactive)
        terminal.err(`${run.foundation} ${day.day} ${dayWords(day)}\n`);
    }
    for (const loss of run.losses) terminal.err(`${run.foundation}: ${lossWords(loss)}\n`);
    if (run.kind === 'ran') terminal.out(`${summaryLine(run)}\n`);
    else terminal.err(`${run.foundation}: ${run.error.message}\n`);
  }
}
