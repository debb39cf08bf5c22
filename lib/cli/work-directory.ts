import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'cf-audit-archive-';

/**
 * Where a run leaves a long day that it could not finish, for the next run on this machine: below TMPDIR, one folder an archive.
 *
 * @param archiveUrl - as in the configuration
 */
export const stagesDirectory = (archiveUrl: string): string =>
  join(
    tmpdir(),
    `${PREFIX}stages`,
    createHash('sha256').update(archiveUrl).digest('hex').slice(0, 16),
  );

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Remove what killed runs left behind: nothing in a work folder is of value once its process is gone. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Run with a folder of our own below the system's temporary folder (TMPDIR), gone afterwards. */
export async function withWorkDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const parent = tmpdir();
  await sweep(parent);
  const directory = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
