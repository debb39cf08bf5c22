import { likePattern } from '../domain/like-pattern.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';

/** Conditions that must all hold, with positional `?` and a value for each. */
export interface QuestionConditions {
  readonly sql: readonly string[];
  readonly values: readonly (string | Date)[];
}

const FILTERS = [
  ['users', ['user_guid', 'user_name']],
  ['clients', ['client_id']],
  ['paths', ['path']],
  ['purposes', ['purpose']],
  ['outcomes', ['outcome']],
  ['addresses', ['address']],
] as const satisfies readonly (readonly [keyof QuestionFilter, readonly string[]])[];

export function questionConditions(filter: QuestionFilter): QuestionConditions {
  const sql = ['logged_at >= ?', 'logged_at < ?'];
  const values: (string | Date)[] = [filter.from, filter.to];
  for (const [name, columns] of FILTERS) {
    const asked = filter[name];
    if (asked.length === 0) continue;
    const one = columns.map((column) => `lower(${column}) LIKE lower(?) ESCAPE '\\'`);
    sql.push(`(${asked.flatMap(() => one).join(' OR ')})`);
    values.push(...asked.flatMap((text) => columns.map(() => likePattern(text))));
  }
  for (const text of filter.texts) {
    // As JSON writes it: parameters are JSON text.
    sql.push('strpos(lower(parameters), lower(?)) > 0');
    values.push(JSON.stringify(text).slice(1, -1));
  }
  return { sql, values };
}
