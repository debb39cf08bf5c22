import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  elementsOf,
  isArray,
  isObject,
  isString,
  membersOf,
  type Slice,
  wholeValue,
} from '../../lib/domain/json-slices.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const textOf = (bytes: Uint8Array, { from, to }: Slice): string =>
  new TextDecoder().decode(bytes.subarray(from, to));

/** The value at a slice, put together from its pieces. */
function valueAt(bytes: Uint8Array, slice: Slice): unknown {
  if (isObject(bytes, slice)) {
    return Object.fromEntries(
      membersOf(bytes, slice).map(({ key, value }) => [
        JSON.parse(textOf(bytes, key)),
        valueAt(bytes, value),
      ]),
    );
  }
  if (isArray(bytes, slice)) {
    return elementsOf(bytes, slice).map((element) => valueAt(bytes, element));
  }
  return JSON.parse(textOf(bytes, slice));
}

const parsedInPieces = (text: string): unknown => {
  const bytes = bytesOf(text);
  return valueAt(bytes, wholeValue(bytes));
};

const parses = (read: (text: string) => unknown, text: string): boolean => {
  try {
    read(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

const json = fc
  .tuple(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 1, '\r\n\t'))
  .map(([value, space]) => JSON.stringify(value, null, space));

/** JSON whose strings are words: one changed character makes it malformed, or other JSON. */
const plainJson = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false, 0, -1.5, 20, 1e30, '', 'word'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'cd'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  .value.map((value) => JSON.stringify(value));

describe('wholeValue, membersOf and elementsOf', () => {
  it('cut every JSON text into pieces that parse to the same value', () => {
    fc.assert(
      fc.property(json, (text) => isDeepStrictEqual(parsedInPieces(text), JSON.parse(text))),
      { numRuns: 500 },
    );
  });

  it('accept what JSON.parse accepts, and nothing else', () => {
    const change = fc.record({
      at: fc.nat(60),
      insert: fc.constantFrom(...'{}[],:"0123456789-+.eEtrufalsn \n'),
      remove: fc.nat(1),
    });

    fc.assert(
      fc.property(plainJson, change, (text, { at, insert, remove }) => {
        const position = at % (text.length + 1);
        const changed = text.slice(0, position) + insert + text.slice(position + remove);

        expect(parses(parsedInPieces, changed)).toBe(parses(JSON.parse, changed));
      }),
      { numRuns: 3000 },
    );
  });

  it('refuse every beginning of a text that is not all of it', () => {
    const text = '{"a":[1,{"b":"x\\"y"},true,null],"c":-1.5e+3}';

    for (let length = 0; length < text.length; length += 1) {
      expect(() => wholeValue(bytesOf(text.slice(0, length)))).toThrow(SyntaxError);
    }
  });

  it.each([
    ['', 'the text ends at byte 0'],
    ['  ', 'the text ends at byte 2'],
    ['{"a":1', 'the text ends at byte 6'],
    ['"open', 'the text ends at byte 5'],
    ['"open\\', 'the text ends at byte 6'],
    ['<html>', 'not JSON at byte 0'],
    ['{"a" 1}', 'not JSON at byte 5'],
    ['[1 2]', 'not JSON at byte 3'],
    ['[1,]', 'not JSON at byte 3'],
    ['{"a":1,}', 'not JSON at byte 7'],
    ['{a:1}', 'not JSON at byte 1'],
    ['[01]', 'not JSON at byte 1'],
    ['[+1]', 'not JSON at byte 1'],
    ['[.5]', 'not JSON at byte 1'],
    ['[1.]', 'not JSON at byte 1'],
    ['[nan]', 'not JSON at byte 1'],
    ['[True]', 'not JSON at byte 1'],
    ['1 2', 'not JSON at byte 2'],
    ['\ufeff{}', 'not JSON at byte 0'],
    ["{'a':1}", 'not JSON at byte 1'],
  ])('say where %j is broken', (text, message) => {
    expect(() => wholeValue(bytesOf(text))).toThrow(new SyntaxError(message));
  });

  it.each(['NaN', 'Infinity', '-Infinity'])('let %s pass, for the reader to refuse', (number) => {
    const bytes = bytesOf(`[1,${number}]`);

    const [, slice] = elementsOf(bytes, wholeValue(bytes));

    expect(slice && textOf(bytes, slice)).toBe(number);
  });

  it('let strings hold any bytes', () => {
    const bytes = Uint8Array.of(0x22, 0xff, 0x00, 0x0a, 0x5c, 0x22, 0xc3, 0x22);

    expect(wholeValue(bytes)).toEqual({ from: 0, to: bytes.length });
  });

  it('keep repeated members, in the order of the text', () => {
    const bytes = bytesOf('{"b":1,"a":2,"b":3}');

    const members = membersOf(bytes, wholeValue(bytes));

    expect(members.map(({ key, value }) => textOf(bytes, key) + textOf(bytes, value))).toEqual([
      '"b"1',
      '"a"2',
      '"b"3',
    ]);
  });

  it('go down 2,000 levels and no further', () => {
    const nested = (levels: number): Uint8Array => bytesOf('['.repeat(levels) + ']'.repeat(levels));

    expect(() => wholeValue(nested(2_000))).not.toThrow();
    expect(() => wholeValue(nested(2_002))).toThrow('nested deeper than 2000 at byte 2001');
    expect(() => wholeValue(nested(1_000_000))).toThrow(SyntaxError);
  });

  it('refuse to cut what is neither object nor list', () => {
    const bytes = bytesOf('"text"');

    expect(isString(bytes, wholeValue(bytes))).toBe(true);
    expect(() => membersOf(bytes, wholeValue(bytes))).toThrow(SyntaxError);
    expect(() => elementsOf(bytes, wholeValue(bytes))).toThrow(SyntaxError);
  });
});
