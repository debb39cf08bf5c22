import { crc32 } from 'node:zlib';

/** Fingerprints on a page, 4 bytes each, big-endian; behind them 4 bytes of checksum. */
const PER_PAGE = 255;
const CHECKSUM_AT = PER_PAGE * 4;
export const PAGE_BYTES = CHECKSUM_AT + 4;

/** One more than the highest fingerprint. */
const FINGERPRINTS = 2 ** 32;

/** The checksum covers what a page is, too: a page of another set, in another place, or cut off from those behind it is as wrong as a damaged one. */
const checksum = (set: string, page: number, isLast: boolean, bytes: Uint8Array): number =>
  crc32(bytes.subarray(0, CHECKSUM_AT), crc32(`${set}\n${page}\n${isLast}`));

/**
 * A set of fingerprints as pages of a file.
 *
 * @param set - what the set is of, in words of the caller; the same for looking it up
 * @param batches - whole numbers from 0 to 2³² − 1, ascending
 */
export async function* fingerprintPages(
  set: string,
  batches: AsyncIterable<readonly number[]>,
): AsyncGenerator<Uint8Array> {
  let page = 0;
  let waiting: number[] = [];
  for await (const batch of batches) {
    waiting = waiting.concat(batch);
    const pages: Uint8Array[] = [];
    // One is held back: only the end tells which page is the last.
    while (waiting.length > PER_PAGE) {
      pages.push(pageBytes(set, page, false, waiting.splice(0, PER_PAGE)));
      page += 1;
    }
    if (pages.length > 0) yield Buffer.concat(pages);
  }
  yield pageBytes(set, page, true, waiting);
}

function pageBytes(
  set: string,
  page: number,
  isLast: boolean,
  fingerprints: readonly number[],
): Uint8Array {
  const bytes = Buffer.alloc(PAGE_BYTES);
  const filler = fingerprints.at(-1) ?? 0;
  for (let index = 0; index < PER_PAGE; index += 1) {
    bytes.writeUInt32BE(fingerprints[index] ?? filler, index * 4);
  }
  bytes.writeUInt32BE(checksum(set, page, isLast, bytes), CHECKSUM_AT);
  return bytes;
}

/** A file of pages. */
export interface PagedFile {
  readonly bytes: number;
  /** Up to PAGE_BYTES from there. */
  readonly read: (at: number) => Buffer;
}

/**
 * Whether a fingerprint is in the set; undefined when the file is damaged, or not of this set.
 *
 * Fingerprints are spread evenly, so a look or two at where it should be finds it, however large the file is.
 */
export function hasFingerprint(
  file: PagedFile,
  set: string,
  fingerprint: number,
): boolean | undefined {
  const pages = file.bytes / PAGE_BYTES;
  if (pages === 0 || !Number.isInteger(pages)) return undefined;
  let [low, high] = [0, pages - 1];
  let [below, above] = [0, FINGERPRINTS];
  while (low <= high) {
    const share = (fingerprint - below) / (above - below);
    const page = Math.min(high, low + Math.floor(share * (high - low + 1)));
    const bytes = file.read(page * PAGE_BYTES);
    if (!isIntact(bytes, set, page, page === pages - 1)) return undefined;
    const [first, last] = [bytes.readUInt32BE(0), bytes.readUInt32BE(CHECKSUM_AT - 4)];
    if (fingerprint < first) [high, above] = [page - 1, first];
    else if (fingerprint > last) [low, below] = [page + 1, last];
    else return isOnPage(bytes, fingerprint);
  }
  return false;
}

const isIntact = (bytes: Buffer, set: string, page: number, isLast: boolean): boolean =>
  bytes.length === PAGE_BYTES &&
  bytes.readUInt32BE(CHECKSUM_AT) === checksum(set, page, isLast, bytes);

function isOnPage(bytes: Buffer, fingerprint: number): boolean {
  for (let at = 0; at < CHECKSUM_AT; at += 4) {
    if (bytes.readUInt32BE(at) === fingerprint) return true;
  }
  return false;
}
