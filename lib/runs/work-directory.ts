import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';

const PREFIX = 'cf-audit-archive-';

/**
 * Where a run leaves a long day that it could not finish, for the next run of this user on this machine: below TMPDIR, one folder an archive.
 *
 * What lies there is trusted by the next run and holds event bodies, so the folder must be this user's alone.
 *
 * @param archiveUrl - as in the configuration
 * @throws ArchiveError WORK_FAILED when somebody else could have put something there
 */
export async function stagesDirectory(archiveUrl: string, temporary = tmpdir()): Promise<string> {
  const parent = join(temporary, `${PREFIX}stages-${process.getuid?.() ?? 'user'}`);
  await mkdir(parent, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unusable(temporary, error);
  });
  const stats = await lstat(parent);
  const ours = process.getuid === undefined || stats.uid === process.getuid();
  if (!stats.isDirectory() || !ours || (stats.mode & 0o077) !== 0) {
    throw new ArchiveError(
      'WORK_FAILED',
      `${parent} is not this user's alone, so nothing in it can be trusted; remove it, or point TMPDIR to a folder of your own`,
    );
  }
  return join(parent, createHash('sha256').update(archiveUrl).digest('hex').slice(0, 16));
}

const unusable = (temporary: string, cause: unknown): ArchiveError =>
  new ArchiveError(
    'WORK_FAILED',
    `the work folder ${temporary} cannot be used (${String(Object(cause).code)}); make it writable, or point TMPDIR to one that is`,
    { cause },
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

async function makeWorkDirectory(parent: string): Promise<string> {
  try {
    await sweep(parent);
    return await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw unusable(parent, error);
  }
}

/** Run with a folder of our own below the system's temporary folder (TMPDIR), gone afterwards. */
export async function withWorkDirectory<T>(
  use: (directory: string) => Promise<T>,
  temporary = tmpdir(),
): Promise<T> {
  const directory = await makeWorkDirectory(temporary);
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
