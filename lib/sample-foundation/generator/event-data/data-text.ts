import type { Scene } from '../scene.ts';

/** Writes one value of `data` as JSON text, so that integers of any length stay digit for digit. */
export type Value = (scene: Scene) => string;

/** Makers by path (`request.name`), or, more exactly, by category or type and path (`route request.name`). */
export type Values = Readonly<Record<string, Value>>;

export type Part = string | Value;

interface Branch {
  readonly children: Map<string, Branch>;
}

/**
 * A plan for `data` with these keys, in this order: literal text and makers in turn.
 *
 * A path with a maker of its own is written by it whole, and the documented paths below it are its business; any other path is an object of the
 * paths below it. `manifest_triggered` beside `request` is a key like any other.
 *
 * @throws when a path has neither a maker nor paths below it
 */
export function planData(
  keys: readonly string[],
  scopes: readonly string[],
  values: Values,
): Part[] {
  const root: Branch = { children: new Map() };
  for (const key of keys) {
    let branch = root;
    for (const step of key.replaceAll('[]', '').split('.')) {
      const next: Branch = branch.children.get(step) ?? { children: new Map() };
      branch.children.set(step, next);
      branch = next;
    }
  }
  const parts: Part[] = [];
  const find = (path: string): Value | undefined => {
    for (const scope of scopes) {
      const value = values[`${scope} ${path}`];
      if (value !== undefined) return value;
    }
    return values[path];
  };
  const write = (branch: Branch, path: string): void => {
    literal(parts, '{');
    let comma = '';
    for (const [step, child] of branch.children) {
      const childPath = path === '' ? step : `${path}.${step}`;
      literal(parts, `${comma}${JSON.stringify(step)}:`);
      comma = ',';
      const value = find(childPath);
      if (value !== undefined) parts.push(value);
      else if (child.children.size > 0 || childPath === 'request') write(child, childPath);
      else throw new Error(`no value for ${scopes[0]} ${childPath}`);
    }
    literal(parts, '}');
  };
  write(root, '');
  return parts;
}

function literal(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === 'string') parts[parts.length - 1] = last + text;
  else parts.push(text);
}

export function writeData(parts: readonly Part[], scene: Scene): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : part(scene);
  return text;
}

/** Any text as JSON. */
export const quote = (text: string): string => JSON.stringify(text);

/** A GUID or the like as JSON: text in which nothing needs an escape. */
export const plain = (text: string): string => `"${text}"`;

export const always =
  (json: unknown): Value =>
  () =>
    JSON.stringify(json);
export const relationship = (name: string, guid: string): string =>
  `{"${name}":{"data":{"guid":"${guid}"}}}`;
