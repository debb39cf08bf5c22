import type { SQLInputValue } from 'node:sqlite';
import type { ParamValue } from '../../../cloud-controller-api/query-string.ts';
import { rubyText } from '../../../cloud-controller-api/ruby-text.ts';

/** A piece of a WHERE clause. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The rows of one table that fulfil all conditions. */
export interface Dataset {
  readonly table: string;
  readonly conditions: readonly Condition[];
}

export function where(dataset: Dataset, ...conditions: readonly Condition[]): Dataset {
  return { ...dataset, conditions: [...dataset.conditions, ...conditions] };
}

export function whereClause(dataset: Dataset): Condition {
  const { conditions } = dataset;
  return {
    sql: conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

/** `column IN (…)`. A parameter without `=` is null, which equals nothing: SQLite takes an empty list. */
export function isIn(column: string, list: ParamValue): Condition {
  const values = listTexts(list);
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values };
}

/** `column NOT IN (…)`: as in SQL, a row whose column is null is left out too. */
export function isNotIn(column: string, list: ParamValue): Condition {
  const values = listTexts(list);
  return { sql: `${column} NOT IN (${values.map(() => '?').join(', ')})`, values };
}

function listTexts(list: ParamValue): string[] {
  return Array.isArray(list) ? list.map(rubyText) : [];
}
