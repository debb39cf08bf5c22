import { compactJson } from '../domain/compact-json.ts';
import { isObject, isString, membersOf, type Slice } from '../domain/json-slices.ts';

/** Reads pieces of one event with care, and remembers whether anything was lost. */
export class EventReading {
  readonly #bytes: Uint8Array;
  /** Set when what was read no longer says all that the bytes said. */
  lossy = false;

  /** @param bytes - the page's body, into which all slices point */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bytes(slice: Slice): Buffer {
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer, byteOffset + slice.from, slice.to - slice.from);
  }

  /** A JSON string's value; a lone surrogate becomes U+FFFD and counts as a loss. */
  string(slice: Slice): string {
    const value = this.#decoded(slice);
    if (value.isWellFormed()) return value;
    this.lossy = true;
    return value.toWellFormed();
  }

  /** A value's JSON text as it stands, but for white space between its pieces, which the fast path does not store either; null and a loss when no reader would accept it (a raw control character in a string). */
  json(slice: Slice): string | null {
    const text = this.#source(slice);
    try {
      JSON.parse(text);
      return compactJson(text);
    } catch {
      this.lossy = true;
      return null;
    }
  }

  /** An object's values by decoded name, in order; a name that comes twice counts as a loss, the first one is kept. */
  members(slice: Slice): Map<string, Slice> {
    const members = new Map<string, Slice>();
    for (const { key, value } of membersOf(this.#bytes, slice)) {
      const name = this.string(key);
      if (members.has(name)) this.lossy = true;
      else members.set(name, value);
    }
    return members;
  }

  isObject(slice: Slice): boolean {
    return isObject(this.#bytes, slice);
  }

  isString(slice: Slice): boolean {
    return isString(this.#bytes, slice);
  }

  isNull(slice: Slice): boolean {
    return this.#bytes[slice.from] === 0x6e;
  }

  #decoded(slice: Slice): string {
    const text = this.#source(slice);
    try {
      return String(JSON.parse(text));
    } catch {
      // A raw control character or an unknown escape: not JSON, but its text is still worth showing.
      this.lossy = true;
      return text.slice(1, -1);
    }
  }

  /** The text of a slice; invalid UTF-8 becomes U+FFFD and counts as a loss. */
  #source(slice: Slice): string {
    const piece = this.bytes(slice);
    const text = piece.toString('utf8');
    // Only a text with U+FFFD can be a repaired one; a piece that really holds U+FFFD encodes to itself again.
    if (text.includes('\uFFFD') && !Buffer.from(text).equals(piece)) this.lossy = true;
    return text;
  }
}
