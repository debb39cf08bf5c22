import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Kill whatever runs a deployed function now, as a machine that fails. @param directory - of the server that runs it @returns how many were killed */
export async function killFunction(directory: string, functionName: string): Promise<number> {
  const begin = join(directory, `ministack-lambda-${functionName}-`);
  let killed = 0;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    // What follows are characters of a name of a temporary folder, so that `archive` is not `archive-day`.
    if (!cwd.startsWith(begin) || !/^\w+\/code$/.test(cwd.slice(begin.length))) continue;
    process.kill(Number(pid), 'SIGKILL');
    killed++;
  }
  return killed;
}
