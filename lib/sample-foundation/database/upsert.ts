import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { inTransaction } from './open-database.ts';

/** Insert rows in one transaction; a row whose key is already there takes the new values and keeps its `id`, and so its place in lists. */
export function upsert(
  database: DatabaseSync,
  table: string,
  key: string,
  columns: readonly string[],
  rows: Iterable<readonly SQLInputValue[]>,
): void {
  const statement = database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (${key}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  inTransaction(database, () => {
    for (const row of rows) statement.run(...row);
  });
}
