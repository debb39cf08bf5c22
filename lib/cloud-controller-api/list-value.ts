import type { ParamValue } from './query-string.ts';
import { rubyText } from './ruby-text.ts';

/** A list parameter: split on `,` and the blanks after it, each part percent-decoded once more (CC §1.1). Objects and null are left as they are. */
export function toListValue(value: ParamValue): ParamValue {
  if (value === null || value instanceof Map) return value;
  const text = rubyText(value);
  return text.split(/,\s*/).map(unescapePercent);
}

/** The inverse for page links: commas inside a value are escaped, so that they survive the next reading (CC §1.7). */
export function fromListValue(values: readonly ParamValue[]): string {
  return values.map((value) => rubyText(value).replaceAll(',', '%2C')).join(',');
}

/** Addressable's `unescape`: percent codes only, `+` stays, what is no code stays. */
function unescapePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
