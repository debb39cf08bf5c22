import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { trustKeys } from '../../lib/digest/check-signature.ts';
import type { PartReader, Signer } from '../../lib/digest/ports.ts';
import { type Verdict, verifyArchive } from '../../lib/digest/verify-archive.ts';
import type { ObjectStore, StoredObject } from '../../lib/domain/object-store.ts';
import type { MemoryArchive } from './memory-archive.ts';
import { describePartBytes, guidSetOf, partRows } from './part-bytes.ts';

/** An archive as whoever verifies it sees it: nothing fails, and a copy of a part is a real file. */
class CopiedArchive implements ObjectStore {
  readonly url = 'memory:';
  readonly #archive: MemoryArchive;

  constructor(archive: MemoryArchive) {
    this.#archive = archive;
  }

  async check(): Promise<void> {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    for (const key of this.#archive.keys(prefix)) {
      const held = this.#archive.objects.get(key);
      if (held) yield { key, bytes: held.bytes.byteLength, modifiedAt: held.modifiedAt };
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#archive.objects.get(key)?.bytes;
  }

  async localCopy(key: string, directory: string): Promise<string | undefined> {
    const held = this.#archive.objects.get(key);
    if (held === undefined) return undefined;
    mkdirSync(directory, { recursive: true });
    const file = join(directory, basename(key));
    writeFileSync(file, held.bytes);
    return file;
  }

  async create(): Promise<'created' | 'exists'> {
    throw new Error('whoever verifies writes nothing');
  }
}

const READER: PartReader = {
  describePart: async (file, day) => describePartBytes(file, readFileSync(file), day),
  guidsOfParts: async (files) =>
    guidSetOf(files.flatMap((file) => partRows(readFileSync(file)).map(({ guid }) => guid))),
};

/** Verify a simulated archive as of an instant, with the product's own verification. */
export async function verifySimulated(
  archive: MemoryArchive,
  signer: Signer,
  now: Date,
): Promise<Verdict> {
  const workDirectory = join(tmpdir(), `simulation-${process.pid}-${threadId}`);
  try {
    return await verifyArchive({
      store: new CopiedArchive(archive),
      parts: READER,
      questionDays: { read: async () => [] },
      keys: trustKeys([signer.publicJwk()]),
      workDirectory,
      now,
    });
  } finally {
    rmSync(workDirectory, { recursive: true, force: true });
  }
}
