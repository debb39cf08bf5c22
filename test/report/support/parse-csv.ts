/** A strict reader of RFC 4180, sharing nothing with the writer: records of cells; a cell without quotes and without text is null. */
export function parseCsv(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: (string | null)[] = [];
    for (;;) {
      record.push(field());
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no CRLF at ${at}`);
    at += 2;
    records.push(record);
  }
  return records;

  function field(): string | null {
    if (text[at] !== '"') {
      const [bare = ''] = /^[^",\r\n]*/.exec(text.slice(at)) ?? [];
      at += bare.length;
      return bare === '' ? null : bare;
    }
    const [quoted, inside] = /^"((?:[^"]|"")*)"/.exec(text.slice(at)) ?? [];
    if (quoted === undefined || inside === undefined) throw new Error(`open quote at ${at}`);
    at += quoted.length;
    return inside.replaceAll('""', '"');
  }
}
