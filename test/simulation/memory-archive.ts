import { daySchema } from '../../lib/domain/day.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { FileBody, ObjectStore, StoredObject } from '../../lib/domain/object-store.ts';
import { type Archiver, seenOf } from './archiver.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

export interface HeldObject {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** All objects of one archive, whoever writes them. */
export class MemoryArchive {
  readonly objects = new Map<string, HeldObject>();
  #sorted: string[] = [];
  /** Test-only: break the promise that nothing is ever overwritten. */
  readonly #overwrites: boolean;

  constructor(overwrites = false) {
    this.#overwrites = overwrites;
  }

  keys(prefix: string): string[] {
    const from = this.#place(prefix);
    let to = from;
    while (this.#sorted[to]?.startsWith(prefix)) to += 1;
    return this.#sorted.slice(from, to);
  }

  /** Atomic, and create-only. */
  create(key: string, bytes: Uint8Array, modifiedAt: Date): 'created' | 'exists' {
    const taken = this.objects.has(key);
    if (taken && !this.#overwrites) return 'exists';
    if (!taken) this.#sorted.splice(this.#place(key), 0, key);
    this.objects.set(key, { bytes: Uint8Array.from(bytes), modifiedAt });
    return 'created';
  }

  /** Index of the first key that is not less. */
  #place(key: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface StoreOptions {
  readonly archive: MemoryArchive;
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly archiver: Archiver;
  readonly prng: Prng;
  readonly onCreate: (key: string, result: 'created' | 'exists') => void;
}

/** Keys that one answer of a listing holds at most; between two answers others may write. */
const LISTING_PAGES = [2, 5, 1000, 1000];

/** The archive as one archiver reaches it: every call may fail, a write also after it was done. */
export class SimulatedStore implements ObjectStore {
  readonly url = 'memory:';
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async check(): Promise<void> {
    await this.#call('check');
  }

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const { archive, archiver, prng, world } = this.#options;
    const limit = prng.pick(LISTING_PAGES);
    const day = /^events\/.*\/dt=(?<day>[\d-]{10})\/$/.exec(prefix)?.groups?.day;
    let after = '';
    for (;;) {
      await this.#call(`list ${prefix}`);
      if (day !== undefined) seenOf(archiver, daySchema.parse(day)).listedAt = world.now;
      const keys = archive.keys(prefix).filter((key) => key > after);
      for (const key of keys.slice(0, limit)) {
        const held = archive.objects.get(key);
        if (held) yield { key, bytes: held.bytes.byteLength, modifiedAt: held.modifiedAt };
        after = key;
      }
      if (keys.length <= limit) return;
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    await this.#call(`get ${key}`);
    if (key.startsWith('runs/')) this.#options.archiver.reportRead = key;
    return this.#options.archive.objects.get(key)?.bytes;
  }

  async localCopy(key: string, directory: string): Promise<string | undefined> {
    await this.#call(`copy ${key}`);
    const held = this.#options.archive.objects.get(key);
    if (held === undefined) return undefined;
    const file = `${directory}/${key}`;
    this.#options.archiver.host.files.set(file, held.bytes);
    return file;
  }

  async create(key: string, body: Uint8Array | FileBody): Promise<'created' | 'exists'> {
    const { archive, world, archiver, prng, scheduler, onCreate } = this.#options;
    await this.#call(`create ${key}`);
    const bytes = body instanceof Uint8Array ? body : archiver.host.files.get(body.file);
    if (bytes === undefined) throw new ArchiveError('STORE_BODY_INVALID', `${key}: no such file`);
    const result = archive.create(key, bytes, new Date(world.now));
    onCreate(key, result);
    archiver.writes += 1;
    if (archiver.writes === archiver.diesAfterWrites) archiver.turnsToLive = 0;
    await scheduler.turn(archiver, `answer of create ${key}`);
    if (prng.chance(archiver.faultRate)) {
      throw new ArchiveError('STORE_UNAVAILABLE', `create ${key}: the answer was lost`);
    }
    return result;
  }

  async #call(what: string): Promise<void> {
    const { scheduler, archiver, prng } = this.#options;
    await scheduler.turn(archiver, what);
    if (!prng.chance(archiver.faultRate / 4)) return;
    const code = prng.chance(0.8) ? 'STORE_UNAVAILABLE' : 'STORE_DENIED';
    throw new ArchiveError(code, `${what}: the archive is in trouble`);
  }
}
