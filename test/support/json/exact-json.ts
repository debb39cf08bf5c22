/** A JSON value that forgets nothing: numbers as they were written, members in their order, repeated ones too. */
export type ExactJson =
  | null
  | boolean
  | string
  | { readonly number: string }
  | readonly ExactJson[]
  | { readonly members: readonly (readonly [string, ExactJson])[] };

const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))\s*/sy;

/** Reads a JSON text on its own: nothing of the program's reading is in it. */
export function parseExactly(text: string): ExactJson {
  let at = 0;
  let token: RegExpExecArray;
  const advance = (): void => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`no JSON at ${at}: ${text.slice(at, at + 20)}`);
    token = found;
    at = TOKEN.lastIndex;
  };
  const take = (mark: string): void => {
    advance();
    if (token[1] !== mark) throw new SyntaxError(`${mark} expected before ${at}`);
  };
  const next = (): string => text.slice(at).trimStart()[0] ?? '';
  const value = (): ExactJson => {
    advance();
    if (token[2] !== undefined) return JSON.parse(token[2]);
    if (token[3] !== undefined) return { number: token[3] };
    if (token[4] !== undefined) return JSON.parse(token[4]);
    if (token[1] === '[') return list(']', value);
    if (token[1] === '{') {
      return {
        members: list('}', () => {
          const key = value();
          if (typeof key !== 'string') throw new SyntaxError(`a key expected before ${at}`);
          take(':');
          return [key, value()] as const;
        }),
      };
    }
    throw new SyntaxError(`a value expected before ${at}`);
  };
  const list = <T>(end: string, item: () => T): T[] => {
    const items: T[] = [];
    if (text[at] === end || next() === end) {
      take(end);
      return items;
    }
    for (;;) {
      items.push(item());
      advance();
      if (token[1] === end) return items;
      if (token[1] !== ',') throw new SyntaxError(`, expected before ${at}`);
    }
  };
  const whole = value();
  if (at !== text.length) throw new SyntaxError(`more than one value at ${at}`);
  return whole;
}

const WHOLE_NUMBER = /^-?\d+$/;

/**
 * The same value with every fraction as JavaScript prints its IEEE double, which is all that may happen to it: whole numbers stay digit for digit.
 */
export function withPrintedFractions(value: ExactJson): ExactJson {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withPrintedFractions);
  if ('number' in value) {
    const { number } = value;
    if (WHOLE_NUMBER.test(number) || !Number.isFinite(Number(number))) return value;
    return { number: `double ${Object.is(Number(number), -0) ? '-0' : Number(number)}` };
  }
  if ('members' in value) {
    return { members: value.members.map(([key, inner]) => [key, withPrintedFractions(inner)]) };
  }
  return value;
}

/** What two JSON texts must have in common to say the same. */
export const meaningOf = (text: string): ExactJson => withPrintedFractions(parseExactly(text));
