import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';

/** Signals by which a person or a scheduler ends a command. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Make a file that is there as a whole or not at all: it is written under a temporary name beside the target, flushed to the disk and renamed at the end.
 *
 * Whatever goes wrong, a full disk and Ctrl-C included, the temporary file is removed and a file that the target name had before stays as it was. Only SIGKILL and a power cut can leave the temporary file behind: `.NAME.<random>.part`.
 *
 * @param write - puts the content into the file at the path it is given
 * @throws ArchiveError USAGE_INVALID when the target cannot be a file, and what `write` throws
 */
export async function writeExportFile<T>(
  target: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const file = await finalPath(target);
  const temporary = join(
    dirname(file),
    `.${basename(file).slice(0, 200)}.${randomBytes(6).toString('hex')}.part`,
  );
  const release = removeWhenEnded(temporary);
  try {
    // Made here first, so that a folder that cannot be written is noticed before hours of work.
    await (await open(temporary, 'wx')).close();
    const result = await write(temporary);
    await flush(temporary);
    await rename(temporary, file);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(error, target, [file, temporary]);
  } finally {
    release();
  }
}

/** Write chunks one after another; the next one is asked for when the one before is written. */
export async function writeChunks(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      onBytes(chunk.length);
    }
  } finally {
    await handle.close();
  }
}

/** Where the target really is: a link to a file stays a link. */
async function finalPath(target: string): Promise<string> {
  try {
    const stats = await stat(target);
    if (!stats.isFile()) {
      throw new ArchiveError(
        'USAGE_INVALID',
        `--file ${target}: that is no file; write a name for one`,
      );
    }
    return await realpath(target);
  } catch (error) {
    if (Object(error).code === 'ENOENT') return target;
    throw unwritable(error, target, [target]);
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Remove a file when a signal ends the process, and end it as the signal would have. */
function removeWhenEnded(path: string): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    rmSync(path, { force: true });
    release();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return release;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'it must not be written',
  EPERM: 'it must not be written',
  EROFS: 'it must not be written',
  EISDIR: 'that is a folder',
  ENAMETOOLONG: 'the name is too long',
};

/** What the target's own folder or name is to blame for; any other error as it is. */
function unwritable(error: unknown, target: string, paths: readonly string[]): unknown {
  const { code, path } = Object(error);
  const reason = REASONS[code];
  if (reason !== undefined && paths.includes(path)) {
    return new ArchiveError('USAGE_INVALID', `--file ${target}: ${reason}`, { cause: error });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new ArchiveError('STORE_FULL', `no space left for ${target}`, { cause: error });
  }
  return error;
}
