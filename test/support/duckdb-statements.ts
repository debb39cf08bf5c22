import { openDuckDB, sqlText } from '../../lib/duckdb/open-duckdb.ts';
import type { StatementRunner } from './athena-server.ts';

const PREPARED = /^EXECUTE IMMEDIATE '([\s\S]*?)'(?: USING ([\s\S]*))?$/;

/**
 * DuckDB in Trino's place, for what both understand alike: the statements that the Athena engine makes, over an archive in a folder.
 *
 * @param table - `database.table`
 */
export async function openDuckDBStatements(
  archiveFolder: string,
  table: string,
  tempDirectory: string,
): Promise<StatementRunner & { close(): void }> {
  const instance = await openDuckDB({ tempDirectory });
  const connection = await instance.connect();
  const [database = ''] = table.split('.');
  const files = sqlText(`${archiveFolder}/events/v1/*/*/*.parquet`);
  await connection.run(`CREATE SCHEMA ${database}`);
  await connection.run(
    `CREATE VIEW ${table} AS SELECT * FROM read_parquet(${files}, hive_partitioning = true, hive_types_autocast = false)`,
  );
  return {
    async query(sql) {
      const [, quoted, values] = PREPARED.exec(sql) ?? [];
      if (quoted !== undefined) {
        await connection.run(`PREPARE asked AS ${quoted.replaceAll("''", "'")}`);
      }
      const run = quoted === undefined ? sql : `EXECUTE asked${values ? `(${values})` : ''}`;
      const reader = await connection.runAndReadAll(run);
      return {
        columns: reader.columnNames().map((name) => ({ name, type: 'varchar' })),
        rows: reader.getRows().map((row) => row.map((value) => value?.toString() ?? null)),
        physicalInputBytes: 4096,
      };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
