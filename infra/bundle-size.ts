import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';

export interface BundleSize {
  readonly unpacked: number;
  /** As a zip holds it, but for some hundred bytes a file. */
  readonly zipped: number;
}

/** Size of the files below some paths together. */
export async function sizeOf(files: readonly string[]): Promise<BundleSize> {
  let [unpacked, zipped] = [0, 0];
  for (const file of files) {
    const bytes = await readFile(file);
    unpacked += bytes.byteLength;
    zipped += deflateRawSync(bytes).byteLength;
  }
  return { unpacked, zipped };
}

/** All files below a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}
