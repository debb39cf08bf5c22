/**
 * A process to be killed: stores objects in a folder for ever, some from memory and some from files, and prints every
 * key once it is told that the object is stored.
 *
 * The first 64 bytes of each are the SHA-256 of the rest, so that anyone can tell a whole object from a piece.
 *
 * Arguments: folder of the archive, folder for its own files, name of this writer.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';

const [archive = '', own = '', writer = ''] = process.argv.slice(2);
const store = new FolderObjectStore(archive);
await store.check();

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function storeNext(number: number): Promise<void> {
  const rest = randomBytes(randomInt(4 * 1024 * 1024));
  const bytes = Buffer.concat([Buffer.from(sha256(rest)), rest]);
  const key = `events/dt=${number % 7}/${writer}-${number}`;
  const file = join(own, `${writer}-${number}`);
  if (number % 2) writeFileSync(file, bytes);
  const body = number % 2 ? { file, bytes: bytes.length, sha256: sha256(bytes) } : bytes;
  await store.create(key, body);
  process.stdout.write(`${key}\n`);
}

for (let number = 0; ; number += 3)
  await Promise.all([storeNext(number), storeNext(number + 1), storeNext(number + 2)]);
