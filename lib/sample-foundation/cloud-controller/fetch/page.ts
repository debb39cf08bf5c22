import type { ListMessage } from '../../../cloud-controller-api/list-message.ts';
import type { FoundationDatabase } from '../../database/foundation-database.ts';
import { type Dataset, whereClause } from './dataset.ts';

/** Called between the two statements of a page; what it changes makes the count and the rows disagree. */
export type BetweenCountAndRows = (table: string) => void | Promise<void>;

export interface Page {
  readonly total: number;
  /** In the order of the columns asked for. */
  readonly rows: readonly unknown[][];
}

/**
 * One page as Cloud Controller fetches it: a count and a SELECT, two statements outside any transaction, the second with a
 * deferred join (CC §2.1). Ordered by id, or by the column asked for with guid in the same direction as tie-breaker (CC §1.3).
 */
export async function fetchPage(
  database: FoundationDatabase,
  dataset: Dataset,
  message: ListMessage,
  columns: readonly string[],
  between: BetweenCountAndRows | undefined,
): Promise<Page> {
  const { table } = dataset;
  const { sql, values } = whereClause(dataset);
  const [counted] = database.allArrays(`SELECT count(*) FROM ${table} ${sql}`, ...values);
  await between?.(table);
  const order = orderOf(table, message);
  const rows = database.allArrays(
    // CROSS JOIN keeps SQLite from scanning the whole table first.
    `SELECT ${columns.map((column) => `${table}.${column}`).join(', ')}
     FROM (SELECT ${table}.id AS deferred_id FROM ${table} ${sql} ORDER BY ${order} LIMIT ? OFFSET ?)
     CROSS JOIN ${table} ON ${table}.id = deferred_id ORDER BY ${order}`,
    ...values,
    message.perPage,
    // Far beyond any row, the offset would leave the range of exact numbers, and of SQLite's integers.
    Math.min((message.page - 1) * message.perPage, Number.MAX_SAFE_INTEGER),
  );
  return { total: Number(counted?.[0]), rows };
}

function orderOf(table: string, { orderBy, direction }: ListMessage): string {
  if (orderBy === undefined) return `${table}.id ASC`;
  return `${table}.${orderBy} ${direction}, ${table}.guid ${direction}`;
}
