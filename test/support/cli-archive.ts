import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/program.ts';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { aTerminal } from './captured-terminal.ts';

const CONFIGURATION = 'c.yml';

export interface CliConfiguration {
  /** Default: `eu-1` alone. */
  readonly foundations?: readonly string[];
  readonly retentionDays?: number;
  /** Default: the folder `archive` beside the configuration. */
  readonly archive?: string;
  /** Further lines of YAML, such as `engine: …`. */
  readonly more?: readonly string[];
}

/** A folder for a configuration, its archive, and what the program keeps for itself. */
export async function makeCliDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cli-'));
  process.env.XDG_STATE_HOME = join(directory, 'state');
  process.env.XDG_CACHE_HOME = join(directory, 'cache');
  return directory;
}

/** Write a configuration. @returns its path */
export async function writeCliConfiguration(
  directory: string,
  apiUrl: string,
  {
    foundations = ['eu-1'],
    retentionDays = 3,
    archive = 'file:./archive',
    more = [],
  }: CliConfiguration = {},
): Promise<string> {
  await writeFile(join(directory, 'secret'), ARCHIVER_CLIENT.secret);
  const file = join(directory, CONFIGURATION);
  const lines = foundations.map(
    (name) =>
      `  - { name: ${name}, api: "${apiUrl}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { file: ./secret }, retention_days: ${retentionDays} }`,
  );
  await writeFile(file, [`archive: ${archive}`, 'foundations:', ...lines, ...more, ''].join('\n'));
  return file;
}

/** Run a command with the configuration of a folder. @param now - what `--now` says; undefined: the command is told no time */
export async function askCli(directory: string, now: string | undefined, args: readonly string[]) {
  const terminal = aTerminal();
  const clock = now === undefined ? [] : ['--now', now];
  const config = ['--config', join(directory, CONFIGURATION)];
  const exitCode = await run([...args, ...config, ...clock], terminal);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}
