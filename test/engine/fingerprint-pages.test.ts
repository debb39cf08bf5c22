import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fingerprintPages,
  hasFingerprint,
  PAGE_BYTES,
} from '../../lib/engine/fingerprint-pages.ts';

const SET = 'guids of part-0000.parquet';
const HIGHEST = 2 ** 32 - 1;

async function* inBatches(sorted: readonly number[], size: number): AsyncGenerator<number[]> {
  for (let at = 0; at < sorted.length; at += size) yield sorted.slice(at, at + size);
}

async function fileOf(fingerprints: readonly number[], batch = 100): Promise<Buffer> {
  const pages: Uint8Array[] = [];
  const sorted = [...fingerprints].sort((a, b) => a - b);
  for await (const bytes of fingerprintPages(SET, inBatches(sorted, batch))) pages.push(bytes);
  return Buffer.concat(pages);
}

const has = (file: Buffer, fingerprint: number, set = SET) =>
  hasFingerprint(
    { bytes: file.length, read: (at) => file.subarray(at, at + PAGE_BYTES) },
    set,
    fingerprint,
  );

/** 2,000 numbers that are spread evenly. */
const SPREAD = Array.from({ length: 2_000 }, (_, index) => (index * 2_654_435_761) % 2 ** 32);

describe('hasFingerprint', () => {
  it('finds what is there and nothing else, however few or many there are, and however they lie', async () => {
    const fingerprint = fc.oneof(
      fc.integer({ min: 0, max: HIGHEST }),
      fc.constantFrom(0, 1, HIGHEST - 1, HIGHEST),
      fc.integer({ min: 1_000, max: 3_000 }),
    );
    const sets = fc.array(fingerprint, { maxLength: 1_500, size: 'max' });
    await fc.assert(
      fc.asyncProperty(
        sets,
        fc.array(fingerprint),
        fc.integer({ min: 1, max: 400 }),
        async (set, others, batch) => {
          const file = await fileOf(set, batch);

          expect(set.every((each) => has(file, each))).toBe(true);
          // Of an empty set it may say that 0 is there: that costs a look, and no answer.
          const absent = others.filter((each) => each !== 0 && !set.includes(each));
          expect(absent.some((each) => has(file, each) !== false)).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads few pages of many', async () => {
    const file = await fileOf(SPREAD);
    let reads = 0;
    for (const fingerprint of SPREAD) {
      hasFingerprint(
        {
          bytes: file.length,
          read: (at) => {
            reads += 1;
            return file.subarray(at, at + PAGE_BYTES);
          },
        },
        SET,
        fingerprint,
      );
    }

    expect(file.length / PAGE_BYTES).toBe(8);
    expect(reads / SPREAD.length).toBeLessThan(2);
  });

  it('never misses one because a byte is wrong, the end is cut off, or something follows', async () => {
    const few = SPREAD.slice(0, 600);
    const file = await fileOf(few);
    const damaged = [
      ...Array.from({ length: file.length }, (_, at) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        return changed;
      }),
      ...Array.from({ length: 3 }, (_, pages) => file.subarray(0, pages * PAGE_BYTES)),
      file.subarray(0, -1),
      Buffer.concat([file, file.subarray(0, PAGE_BYTES)]),
      Buffer.concat([file.subarray(PAGE_BYTES), file.subarray(0, PAGE_BYTES)]),
    ];

    for (const [index, bytes] of damaged.entries()) {
      for (const fingerprint of few.slice(index % 580, (index % 580) + 20)) {
        expect(has(bytes, fingerprint)).not.toBe(false);
      }
    }
  });

  it('does not trust the file of another set', async () => {
    const file = await fileOf(SPREAD);

    expect(has(file, SPREAD[0] ?? 0, 'guids of part-0001.parquet')).toBeUndefined();
  });
});
