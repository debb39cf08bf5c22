import type { Random } from './random.ts';

/** The two hexadecimal digits of each byte, as ASCII codes. */
const HIGH = Uint8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.charCodeAt(byte >>> 4),
);
const LOW = Uint8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.charCodeAt(byte & 15));

/** Digits are set here and copied out in one piece: half the time, and a fraction of the garbage, of joining strings. */
const scratch = Buffer.alloc(64, '-');

function setBytes(word: number, at: number): void {
  for (let shift = 24, index = at; shift >= 0; shift -= 8, index += 2) {
    const byte = (word >>> shift) & 0xff;
    scratch[index] = HIGH[byte] as number;
    scratch[index + 1] = LOW[byte] as number;
  }
}

function setHalf(half: number, at: number): void {
  scratch[at] = HIGH[half >>> 8] as number;
  scratch[at + 1] = LOW[half >>> 8] as number;
  scratch[at + 2] = HIGH[half & 0xff] as number;
  scratch[at + 3] = LOW[half & 0xff] as number;
}

function setGuid(random: Random): void {
  setBytes(random.uint32(), 0);
  scratch[8] = scratch[13] = scratch[18] = scratch[23] = 0x2d;
  const second = random.uint32();
  setHalf(second >>> 16, 9);
  setHalf((second & 0x0fff) | 0x4000, 14);
  const third = random.uint32();
  setHalf(((third >>> 16) & 0x3fff) | 0x8000, 19);
  setHalf(third & 0xffff, 24);
  setBytes(random.uint32(), 28);
}

/** A random GUID of version 4, as Ruby's `SecureRandom.uuid` writes it. */
export function guid(random: Random): string {
  setGuid(random);
  return scratch.toString('latin1', 0, 36);
}

/** Diego names an instance by a GUID of which it keeps 28 characters. */
export function instanceGuid(random: Random): string {
  setGuid(random);
  return scratch.toString('latin1', 0, 28);
}

/** At most 64 random hexadecimal digits, such as a Git commit (40) or a blob's key. */
export function hexadecimal(random: Random, length: number): string {
  for (let at = 0; at < length; at += 8) setBytes(random.uint32(), at);
  return scratch.toString('latin1', 0, length);
}
