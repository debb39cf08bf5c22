import type { ParamValue } from './query-string.ts';

/** Ruby's `to_s` of a value: lists and objects are printed as Ruby source. Cloud Controller does this to list parameters that came as `name[]=` (CC §1.7). */
export function rubyText(value: ParamValue): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : inspect(value);
}

/** Ruby's `to_i`: the leading integer of a text, else 0. Underscores between digits are allowed. */
export function rubyInteger(text: string): bigint {
  const [, sign, digits] = /^\s*([+-]?)(\d+(?:_\d+)*)/.exec(text) ?? [];
  if (digits === undefined) return 0n;
  const size = BigInt(digits.replaceAll('_', ''));
  return sign === '-' ? -size : size;
}

function inspect(value: ParamValue): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
  return `{${[...value].map(([key, inner]) => `${inspect(key)} => ${inspect(inner)}`).join(', ')}}`;
}
