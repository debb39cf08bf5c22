import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Make a folder and those above it that are absent.
 *
 * Node's own `recursive` never comes back from a file system that answers ENOENT although the parent is there (`/proc`).
 *
 * @returns the topmost folder that was made; undefined when all were there
 */
export async function makeFolders(path: string, mode: number): Promise<string | undefined> {
  const made = await makeFolder(path, mode);
  if (made !== 'no parent') return made === 'made' ? path : undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : await makeFolders(parent, mode);
  if ((await makeFolder(path, mode)) === 'no parent') {
    throw Object.assign(new Error(`${parent} takes no folders`), { code: 'EACCES' });
  }
  return first ?? path;
}

async function makeFolder(path: string, mode: number): Promise<'made' | 'there' | 'no parent'> {
  try {
    await mkdir(path, { mode });
    return 'made';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'no parent';
    // A file of that name shows itself as ENOTDIR as soon as something is put below it.
    if (code === 'EEXIST') return 'there';
    throw error;
  }
}
