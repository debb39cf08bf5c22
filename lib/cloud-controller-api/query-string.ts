import { apiError } from './api-error.ts';

/** A value of the query as Rails hands it to Cloud Controller: text, null (`?guids` without `=`), list (`a[]=`) or object (`a[gte]=`). */
export type ParamValue = string | null | ParamValue[] | Params;
export type Params = Map<string, ParamValue>;

/**
 * Read a query string as Rack and Rails do: nested names, `+` as blank, the last of equal names wins.
 *
 * @throws ApiError InvalidRequest for what Rails answers itself with 400: one name used in two shapes, broken percent codes, invalid UTF-8
 */
export function parseQueryString(query: string): Params {
  const params: Params = new Map();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const mark = pair.indexOf('=');
    const name = decodeComponent(mark === -1 ? pair : pair.slice(0, mark));
    const value = mark === -1 ? null : decodeComponent(pair.slice(mark + 1));
    const [, head, rest] = /^([^[]*)(.*)$/s.exec(name) ?? [];
    if (head === undefined || rest === undefined || head === '') params.set(name, value);
    else assign(params, head, rest, value);
  }
  return params;
}

/** @param rest - what follows the key in the name: '' or `[]` or `[key]…` */
function assign(params: Params, key: string, rest: string, value: string | null): void {
  const known = params.get(key);
  const inner = /^\[([^\][]+)\](.*)$/s.exec(rest);
  if (rest === '' || (rest !== '[]' && inner === null)) {
    params.set(rest === '' ? key : key + rest, value);
  } else if (inner === null) {
    if (known !== undefined && !Array.isArray(known)) throw apiError('InvalidRequest');
    params.set(key, [...(known ?? []), value]);
  } else {
    if (known !== undefined && !(known instanceof Map)) throw apiError('InvalidRequest');
    const object: Params = known ?? new Map();
    params.set(key, object);
    assign(object, inner[1] ?? '', inner[2] ?? '', value);
  }
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw apiError('InvalidRequest');
  }
}
