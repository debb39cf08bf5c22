import type { ParamValue } from './query-string.ts';

/** Rails' `Hash#to_query`: the query of the page links. Pairs are sorted as text and percent-encoded, brackets too (CC §1.7). */
export function toQuery(params: Iterable<readonly [string, ParamValue]>): string {
  return pairs(params).sort(byteOrder).join('&');
}

function pairs(params: Iterable<readonly [string, ParamValue]>): string[] {
  return [...params].flatMap(([key, value]) => pairsOf(key, value));
}

function pairsOf(key: string, value: ParamValue): string[] {
  if (value instanceof Map) {
    return pairs([...value].map(([inner, innerValue]) => [`${key}[${inner}]`, innerValue]));
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return pairsOf(`${key}[]`, null);
    return [value.flatMap((inner) => pairsOf(`${key}[]`, inner)).join('&')];
  }
  return [`${cgiEscape(key)}=${cgiEscape(value ?? '')}`];
}

/** Ruby's `CGI.escape`: blank becomes `+`; letters, digits and `_ . - ~` stay. */
export function cgiEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function byteOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
