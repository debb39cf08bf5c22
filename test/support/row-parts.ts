import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBTimestampMillisecondsValue } from '@duckdb/node-api';
import { COLUMNS, type EventRow } from '../../lib/domain/columns.ts';
import { type Day, dayOf } from '../../lib/domain/day.ts';
import type { FoundationName } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import { openDuckDB, sqlText } from '../../lib/duckdb/open-duckdb.ts';
import type { ListedPart } from '../../lib/query/ports.ts';

const SQL_TYPE = { text: 'VARCHAR', timestamp: 'TIMESTAMP_MS' } as const;

/** Write rows as parts, a day each, below `directory`: the layout of an archive without the rest of it. */
export async function writeRowParts(
  directory: string,
  foundation: FoundationName,
  rows: readonly EventRow[],
): Promise<ListedPart[]> {
  const instance = await openDuckDB({ tempDirectory: join(directory, '.spill') });
  const connection = await instance.connect();
  try {
    await connection.run(
      `CREATE TABLE rows (${COLUMNS.map(({ name, type }) => `${name} ${SQL_TYPE[type]}`).join(', ')})`,
    );
    await appendRows(connection, rows);
    const parts: ListedPart[] = [];
    for (const dt of new Set(rows.map(dayOfRow))) {
      const key = partKey(foundation, dt, 0);
      await mkdir(dirname(join(directory, key)), { recursive: true });
      await connection.run(
        `COPY (SELECT * FROM rows WHERE created_at::DATE = DATE '${dt}' ORDER BY target_guid, guid) TO ${sqlText(join(directory, key))} (FORMAT parquet, COMPRESSION zstd)`,
      );
      parts.push({ key, foundation, dt, bytes: 1, modifiedAt: new Date(0) });
    }
    return parts;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const millis = (date: Date): DuckDBTimestampMillisecondsValue =>
  new DuckDBTimestampMillisecondsValue(BigInt(date.getTime()));

const dayOfRow = ({ created_at }: EventRow): Day => dayOf(created_at ?? new Date(0));

async function appendRows(connection: DuckDBConnection, rows: readonly EventRow[]): Promise<void> {
  const appender = await connection.createAppender('rows');
  for (const row of rows) {
    for (const { name } of COLUMNS) {
      const value = row[name];
      if (value === null) appender.appendNull();
      else if (value instanceof Date) appender.appendTimestampMilliseconds(millis(value));
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
}
