import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileBody, ObjectStore, StoredObject } from '../../../lib/domain/object-store.ts';

interface Held {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** An archive in memory that a test may tamper with: `objects` is its to change. */
export class MemoryObjectStore implements ObjectStore {
  readonly url = 'memory:';
  readonly objects: Map<string, Held>;
  /** File time of what is stored from now on. */
  now = new Date('2026-03-10T00:00:00Z');
  /** Called before every operation; may throw, as a process that dies there. */
  onCall: (operation: string, key: string) => void = () => undefined;
  readonly #copies: string;

  /** @param copies - a folder for local copies; they are kept there by content, so the same bytes are written once */
  constructor(copies: string, objects: ReadonlyMap<string, Held> = new Map()) {
    this.#copies = copies;
    this.objects = new Map(objects);
  }

  /** Another archive of the same objects. */
  copy(): MemoryObjectStore {
    const copy = new MemoryObjectStore(this.#copies, this.objects);
    copy.now = this.now;
    return copy;
  }

  keys(prefix = ''): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  bytes(key: string): Uint8Array {
    const held = this.objects.get(key);
    if (held === undefined) throw new Error(`no ${key}`);
    return held.bytes;
  }

  text(key: string): string {
    return Buffer.from(this.bytes(key)).toString('utf8');
  }

  /** Overwrite, as nobody who uses the archive can. */
  put(key: string, bytes: Uint8Array | string, modifiedAt = this.now): void {
    this.objects.set(key, { bytes: Buffer.from(bytes), modifiedAt });
  }

  async check(): Promise<void> {}

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    this.onCall('list', prefix);
    for (const key of this.keys(prefix)) {
      const held = this.objects.get(key);
      if (held) yield { key, bytes: held.bytes.byteLength, modifiedAt: held.modifiedAt };
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.onCall('get', key);
    return this.objects.get(key)?.bytes;
  }

  async localCopy(key: string): Promise<string | undefined> {
    this.onCall('localCopy', key);
    const bytes = this.objects.get(key)?.bytes;
    if (bytes === undefined) return undefined;
    const path = join(this.#copies, createHash('sha256').update(bytes).digest('hex'), key);
    if (!existsSync(path)) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
    return path;
  }

  async create(key: string, body: Uint8Array | FileBody): Promise<'created' | 'exists'> {
    this.onCall('create', key);
    const bytes = body instanceof Uint8Array ? body : await readFile(body.file);
    if (this.objects.has(key)) return 'exists';
    this.objects.set(key, { bytes, modifiedAt: this.now });
    return 'created';
  }
}
