/** A cell that a spreadsheet might take for a formula: what its first characters are once white space, invisible characters and full-width forms are seen as a spreadsheet sees them. A single quote is among them, so that the rule can be undone. */
const LOOKS_LIKE_FORMULA = /^(?:['\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;

/** Almost every cell, and tested in a fraction of the time. */
const BEGINS_PLAINLY = /^[A-Za-z0-9{]/;

/**
 * Make a text inert in a spreadsheet: what could be a formula gets one single quote in front, as does what begins with a single quote.
 *
 * `undefused` is its inverse: of a cell that begins with a single quote, remove that one character.
 */
export const defused = (text: string): string =>
  !BEGINS_PLAINLY.test(text) && LOOKS_LIKE_FORMULA.test(text) ? `'${text}` : text;

/** The text that `defused` made a cell of. */
export const undefused = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

/**
 * A record of RFC 4180 with its CRLF.
 *
 * Null is an empty field, an empty text is `""`: readers that can tell them apart (DuckDB, PostgreSQL) do, others see an empty cell. A record of one null is `""`, too, because an empty line is no record.
 */
export function csvRecord(cells: readonly (string | null)[]): string {
  const record = cells.map((cell) => (cell === null ? '' : csvField(defused(cell)))).join(',');
  return record === '' ? '""\r\n' : `${record}\r\n`;
}

/** Quoted also where spaces stand at an end, or a semicolon or tab inside: some programs trim the ones, or split at the others. */
const csvField = (text: string): string =>
  text === '' || /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
