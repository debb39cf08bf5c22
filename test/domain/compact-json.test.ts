import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compactJson } from '../../lib/domain/compact-json.ts';

describe('compactJson', () => {
  it('writes any indented JSON as JSON.stringify does without indentation', () => {
    const value = fc.jsonValue({ noUnicodeString: false });

    fc.assert(
      fc.property(value, fc.constantFrom(1, '\r\n\t'), (json, indent) => {
        expect(compactJson(JSON.stringify(json, null, indent))).toBe(JSON.stringify(json));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{ "a" : 1.10, "a" : -0 }', '{"a":1.10,"a":-0}'],
    ['[ "\\u00e9 \\" ", "\\\\" , "\\\\\\" " ]', '["\\u00e9 \\" ","\\\\","\\\\\\" "]'],
    [' 12345678901234567890.0\n', '12345678901234567890.0'],
    ['"a b"', '"a b"'],
  ])('changes nothing else: %s', (json, compact) => {
    expect(compactJson(json)).toBe(compact);
  });
});
