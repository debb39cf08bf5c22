import type { Random } from './random.ts';

/** Four hexadecimal digits for each of the 65,536 halves of a 32-bit number: a table is three times as fast as `toString(16)`. */
const digits = Array.from({ length: 65536 }, (_, half) => half.toString(16).padStart(4, '0'));

/** A random GUID of version 4, as Ruby's `SecureRandom.uuid` writes it. */
export function guid(random: Random): string {
  const first = random.uint32();
  const second = random.uint32();
  const third = random.uint32();
  const fourth = random.uint32();
  return `${digits[first >>> 16]}${digits[first & 0xffff]}-${digits[second >>> 16]}-${
    digits[(second & 0x0fff) | 0x4000]
  }-${digits[((third >>> 16) & 0x3fff) | 0x8000]}-${digits[third & 0xffff]}${digits[fourth >>> 16]}${digits[fourth & 0xffff]}`;
}

/** `length` random hexadecimal digits, such as a Git commit (40) or a blob's key. */
export function hexadecimal(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += digits[random.uint32() >>> 16];
  return text.slice(0, length);
}

/** Diego names an instance by a GUID of which it keeps 28 characters. */
export function instanceGuid(random: Random): string {
  return guid(random).slice(0, 28);
}
