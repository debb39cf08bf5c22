import { FILTERED_COLUMNS, type QuestionFilter, textInJson } from '../domain/question-filter.ts';
import { duckDBMatches, duckDBPattern } from '../domain/wildcard.ts';

/** Conditions that must all hold, with positional `?` and a value for each. */
export interface QuestionConditions {
  readonly sql: readonly string[];
  readonly values: readonly (string | Date)[];
}

export function questionConditions(filter: QuestionFilter): QuestionConditions {
  const sql = ['logged_at >= ?', 'logged_at < ?'];
  const values: (string | Date)[] = [filter.from, filter.to];
  for (const [name, columns] of FILTERED_COLUMNS) {
    const asked = filter[name];
    if (asked.length === 0) continue;
    const one = columns.map(duckDBMatches);
    sql.push(`(${asked.flatMap(() => one).join(' OR ')})`);
    values.push(...asked.flatMap((text) => columns.map(() => duckDBPattern(text))));
  }
  for (const text of filter.texts) {
    sql.push('(strpos(lower(parameters), lower(?)) > 0 OR strpos(lower(path), lower(?)) > 0)');
    values.push(textInJson(text), text);
  }
  return { sql, values };
}
