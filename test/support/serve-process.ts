import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** `serve` as a process of its own. */
export interface ServeProcess {
  /** Undefined when it ended instead of listening. */
  readonly url: string | undefined;
  readonly process: ChildProcess;
  readonly output: () => string;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

export async function startServe(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  const child = spawn(process.execPath, ['lib/cli/main.ts', 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = await new Promise<string | undefined>((resolve) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const [found] = /http:\/\/[\w.:[\]]+(?=: )/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    exited.then(() => resolve(undefined));
  });
  return {
    url,
    process: child,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
