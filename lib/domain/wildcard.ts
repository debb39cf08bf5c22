/** `LIKE` pattern of a text in which `*` stands for any text; `\` escapes. */
export const likePattern = (text: string): string =>
  text.replaceAll(/[\\%_]/g, (special) => `\\${special}`).replaceAll('*', '%');

/**
 * The same as a condition of DuckDB on a column, ignoring case. DuckDB's `LIKE` tries every way to divide a text among several `%`, for hours if need be, and cannot be interrupted in it; its regular expressions are RE2, which reads a text once.
 *
 * @returns SQL with one `?`, for the value of `duckDBPattern`
 */
export const duckDBMatches = (column: string): string =>
  `regexp_full_match(lower(${column}), lower(?), 's')`;

/** Regular expression of a text in which `*` stands for any text. Letters and digits are never escaped: lower case would make another class of them. */
export const duckDBPattern = (text: string): string =>
  text.replaceAll(/[\\^$.|?+()[\]{}-]/g, (special) => `\\${special}`).replaceAll(/\*+/g, '.*');
