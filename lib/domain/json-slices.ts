/**
 * A JSON text cut into its pieces without being decoded: where each member and element begins and ends, in bytes.
 *
 * This is what the slow path stands on: `JSON.parse` rounds numbers, drops duplicate keys and refuses a page for one bad byte in one event.
 * Structure is checked (RFC 8259, but strings may hold any bytes and a number may be `NaN` or `Infinity`); a text that is cut off or malformed throws `SyntaxError` with the byte's offset.
 */

/** `[from, to)` in bytes. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

export interface Member {
  /** With its quotes. */
  readonly key: Slice;
  readonly value: Slice;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** `NaN` and `Infinity` are not JSON, but careless writers give them: they cost the piece that they are in, not the whole text. */
const SCALAR = /^(?:true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** How deep arrays and objects may nest: more than any JSON library that wrote the page allows, less than the call stack. */
const MAX_DEPTH = 2_000;

const latin1 = new TextDecoder('latin1');

const unexpected = (bytes: Uint8Array, offset: number): SyntaxError =>
  new SyntaxError(
    offset < bytes.length ? `not JSON at byte ${offset}` : `the text ends at byte ${bytes.length}`,
  );

function skipBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) {
    at += 1;
  }
  return at;
}

function skipString(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) throw unexpected(bytes, from);
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
  }
  throw unexpected(bytes, bytes.length);
}

function skipScalar(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && at - from < 100_000 && isScalarByte(bytes[at])) at += 1;
  if (!SCALAR.test(latin1.decode(bytes.subarray(from, at)))) throw unexpected(bytes, from);
  return at;
}

const isScalarByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e);

function skipValue(bytes: Uint8Array, from: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} at byte ${from}`);
  switch (bytes[from]) {
    case QUOTE:
      return skipString(bytes, from);
    case OPEN_BRACE:
      return eachMember(bytes, from, depth, () => undefined);
    case OPEN_BRACKET:
      return eachElement(bytes, from, depth, () => undefined);
    default:
      return skipScalar(bytes, from);
  }
}

function eachMember(
  bytes: Uint8Array,
  from: number,
  depth: number,
  found: (member: Member) => void,
): number {
  if (bytes[from] !== OPEN_BRACE) throw unexpected(bytes, from);
  let at = skipBlank(bytes, from + 1);
  if (bytes[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    const key = { from: at, to: skipString(bytes, at) };
    const colon = skipBlank(bytes, key.to);
    if (bytes[colon] !== COLON) throw unexpected(bytes, colon);
    const start = skipBlank(bytes, colon + 1);
    const value = { from: start, to: skipValue(bytes, start, depth + 1) };
    found({ key, value });
    at = skipBlank(bytes, value.to);
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) throw unexpected(bytes, at);
    at = skipBlank(bytes, at + 1);
  }
}

function eachElement(
  bytes: Uint8Array,
  from: number,
  depth: number,
  found: (element: Slice) => void,
): number {
  if (bytes[from] !== OPEN_BRACKET) throw unexpected(bytes, from);
  let at = skipBlank(bytes, from + 1);
  if (bytes[at] === CLOSE_BRACKET) return at + 1;
  for (;;) {
    const element = { from: at, to: skipValue(bytes, at, depth + 1) };
    found(element);
    at = skipBlank(bytes, element.to);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) throw unexpected(bytes, at);
    at = skipBlank(bytes, at + 1);
  }
}

/** The one value that a whole text holds. */
export function wholeValue(bytes: Uint8Array): Slice {
  const from = skipBlank(bytes, 0);
  const to = skipValue(bytes, from, 0);
  const end = skipBlank(bytes, to);
  if (end !== bytes.length) throw unexpected(bytes, end);
  return { from, to };
}

/** Members of the object at `slice`, in the order of the text, duplicates included. */
export function membersOf(bytes: Uint8Array, slice: Slice): Member[] {
  const members: Member[] = [];
  eachMember(bytes, slice.from, 0, (member) => members.push(member));
  return members;
}

/** Elements of the array at `slice`. */
export function elementsOf(bytes: Uint8Array, slice: Slice): Slice[] {
  const elements: Slice[] = [];
  eachElement(bytes, slice.from, 0, (element) => elements.push(element));
  return elements;
}

export const isObject = (bytes: Uint8Array, slice: Slice): boolean =>
  bytes[slice.from] === OPEN_BRACE;

export const isArray = (bytes: Uint8Array, slice: Slice): boolean =>
  bytes[slice.from] === OPEN_BRACKET;

export const isString = (bytes: Uint8Array, slice: Slice): boolean => bytes[slice.from] === QUOTE;
