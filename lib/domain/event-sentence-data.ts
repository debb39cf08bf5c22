import type { EventRow } from './columns.ts';

const parsedOf = new WeakMap<object, unknown>();

/** A row's `data`, decoded once however often it is asked; undefined when it is no JSON. */
function decoded(row: Pick<EventRow, 'data'>): unknown {
  if (row.data === null) return undefined;
  if (!parsedOf.has(row)) {
    let value: unknown;
    try {
      value = JSON.parse(row.data);
    } catch {
      value = undefined;
    }
    parsedOf.set(row, value);
  }
  return parsedOf.get(row);
}

/** Whatever stands in `data` below some keys, such as `request.relationships.app.data.guid`; undefined when a step is missing. */
export function dataAt(row: Pick<EventRow, 'data'>, path: string): unknown {
  let value = decoded(row);
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A text, number or boolean in `data` as text; undefined when it is absent, empty, null, or no such thing. */
export function dataText(row: Pick<EventRow, 'data'>, path: string): string | undefined {
  const value = dataAt(row, path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The first text that says anything; the archive keeps empty and null apart, a person need not. */
export const firstText = (...texts: readonly (string | null | undefined)[]): string | undefined =>
  texts.find((text) => text !== null && text !== undefined && text !== '') ?? undefined;
