import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { GuidSet, PartFacts, PartReader } from '../../../lib/digest/ports.ts';
import type { Window } from '../../../lib/domain/window.ts';

/** Reads each part with the real reader once, however often it is verified: the answer depends on bytes and day alone. */
export class RememberedParts implements PartReader {
  readonly #reader: PartReader;
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #hashes = new Map<string, Promise<string>>();

  constructor(reader: PartReader) {
    this.#reader = reader;
  }

  async describePart(file: string, day: Window): Promise<PartFacts> {
    const name = `${day.from.toISOString()} ${await this.#hash(file)}`;
    return this.#remember(name, () => this.#reader.describePart(file, day));
  }

  async guidsOfParts(files: readonly string[]): Promise<GuidSet> {
    const name = (await Promise.all(files.map((file) => this.#hash(file)))).join(' ');
    return this.#remember(`guids ${name}`, () => this.#reader.guidsOfParts(files));
  }

  #hash(file: string): Promise<string> {
    const hash =
      this.#hashes.get(file) ??
      readFile(file).then((bytes) => createHash('sha256').update(bytes).digest('hex'));
    this.#hashes.set(file, hash);
    return hash;
  }

  #remember<T>(name: string, answer: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(name) ?? answer();
    this.#answers.set(name, known);
    return known as Promise<T>;
  }
}
