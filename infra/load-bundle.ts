import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { EXAMPLE_ENVIRONMENT } from './example-environment.ts';

/**
 * Load a function's bundle in a new process, as a cold start does, with an example of a configuration.
 *
 * @returns milliseconds until its handler was there
 * @throws Error when it cannot be loaded, or has no handler
 */
export async function loadBundle(file: string): Promise<number> {
  const program = `const begun = performance.now();
const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
if (typeof handler !== 'function') throw new Error('no handler');
process.stdout.write(String(performance.now() - begun), () => process.exit());`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { env: { PATH: process.env.PATH, ...EXAMPLE_ENVIRONMENT } },
  );
  return Number(stdout);
}
