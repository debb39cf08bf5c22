const QUOTE = 0x22;
const BLANK = 0x20;

/**
 * JSON text without the white space between its pieces; strings and numbers stand as they were written, members in their order, repeated ones too.
 *
 * @param json - valid JSON
 */
export function compactJson(json: string): string {
  let compact = '';
  let from = 0;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) {
      at = closingQuote(json, at);
    } else if (char <= BLANK) {
      if (at > from) compact += json.slice(from, at);
      from = at + 1;
    }
  }
  return from === 0 ? json : compact + json.slice(from);
}

function closingQuote(json: string, opening: number): number {
  for (let at = opening; ; ) {
    at = json.indexOf('"', at + 1);
    if (at === -1) return json.length;
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
}
