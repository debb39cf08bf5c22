import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = 'cf-audit-archive';
const KEY_BYTES = 32;

const below = (variable: string, fallback: string): string =>
  join(process.env[variable] || join(homedir(), fallback), PROGRAM);

/** Where Node.js keeps compiled code between runs: below XDG_CACHE_HOME, never in a folder that others may write to. */
export const codeCacheDirectory = (): string => join(below('XDG_CACHE_HOME', '.cache'), 'code');

const nameOf = (archiveUrl: string): string =>
  createHash('sha256').update(archiveUrl).digest('hex').slice(0, 16);

/** Where it is kept which parts of an archive hold which events: below XDG_CACHE_HOME. Not made here: nothing fails without it. */
export const guidIndexDirectory = (archiveUrl: string): string =>
  join(below('XDG_CACHE_HOME', '.cache'), 'guids', nameOf(archiveUrl));

/** Where copies of a remote archive's parts stay between runs: below XDG_CACHE_HOME, this user's alone. They hold event bodies. */
export async function partCacheDirectory(archiveUrl: string): Promise<string> {
  const directory = join(below('XDG_CACHE_HOME', '.cache'), 'parts', nameOf(archiveUrl));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/**
 * What this user's cursors are signed with: made on first use with mode 0600 below XDG_STATE_HOME. Without it, old cursors are refused and nothing else happens.
 */
export async function cursorKey(): Promise<Uint8Array> {
  const directory = below('XDG_STATE_HOME', '.local/state');
  const file = join(directory, 'cursor-key');
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const handle = await open(file, 'wx', 0o600).catch(() => undefined);
    await handle?.writeFile(randomBytes(KEY_BYTES)).finally(() => handle.close());
    const key = await readFile(file);
    if (key.length === KEY_BYTES) return key;
  } catch {
    // A home that cannot be written: the cursor of this run will not be understood by the next one.
  }
  return randomBytes(KEY_BYTES);
}
