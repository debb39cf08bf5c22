import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Commands of a document, and what it says that they print; undefined: it only says that they work. */
export interface TourStep {
  readonly commands: string;
  readonly printed: string | undefined;
}

/** The blocks of shell of a document, each with the block of text or JSON that follows at once. */
export const tourSteps = (document: string): TourStep[] =>
  [...document.matchAll(/```sh\n(.*?)```\n(?:```(?:json|text)\n(.*?)```\n)?/gs)].map(
    ([, commands = '', printed]) => ({ commands, printed }),
  );

/** @throws when a command fails */
export async function runCommands(
  commands: string,
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    // Bash that finds a socket at its standard input reads the machine's own start file.
    ['--norc', '-euo', 'pipefail', '-c', commands],
    { cwd, env: { ...process.env, ...environment } },
  );
  return { stdout: stdout.replaceAll('\r\n', '\n').trimEnd(), stderr };
}
