import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type GuidSet, MAX_NAMED_GUIDS, type PartFile } from '../archive/ports.ts';
import { COLUMNS, SORT_ORDER } from '../domain/columns.ts';
import { ArchiveError } from '../domain/errors.ts';
import { secondText } from '../domain/instant.ts';
import type { Window } from '../domain/window.ts';
import { sqlPath, sqlText } from '../duckdb/open-duckdb.ts';
import { readGuidSet } from './guid-set.ts';
import { ROW_GROUP_ROWS } from './row-group.ts';
import { shortage } from './work-error.ts';

export const PART_COLUMNS = COLUMNS.map(({ name }) => `"${name}"`).join(', ');
const PART_ORDER = SORT_ORDER.map((name) => `"${name}" ASC NULLS LAST`).join(', ');

/** Whether `extra` ends in `_raw`: by its text, because JSON functions refuse the lone surrogates that `extra` may hold. */
const UNREPRESENTABLE = `coalesce(regexp_matches(extra, '"_raw":"[A-Za-z0-9+/=]*"\\}$'), false)`;

/** Write a query's rows as one part, sorted at once. */
export async function writePartFile(
  connection: DuckDBConnection,
  rows: string,
  file: string,
): Promise<void> {
  await copyToPart(
    connection,
    `SELECT ${PART_COLUMNS} FROM (${rows}) ORDER BY ${PART_ORDER}`,
    file,
  );
}

/** Write a query's rows as one part, in the order in which they come: flat columns, ZSTD. */
export async function copyToPart(
  connection: DuckDBConnection,
  rows: string,
  file: string,
): Promise<void> {
  await connection.run(
    `COPY (${rows}) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
}

/** SQL of a query over part files. A folder on their way that is called `guid=…` must not become a column. */
export const partRows = (files: readonly string[]): string =>
  `SELECT * FROM read_parquet([${files.map(sqlPath).join(', ')}], union_by_name = true, hive_partitioning = false)`;

/**
 * The GUIDs of several parts together.
 *
 * @throws ArchiveError PART_INVALID when one of them cannot be read
 */
export async function guidsOfPartFiles(
  connection: DuckDBConnection,
  files: readonly string[],
): Promise<GuidSet> {
  if (files.length === 0) return readGuidSet(connection, 'SELECT NULL AS guid WHERE false');
  try {
    return await readGuidSet(connection, partRows(files));
  } catch (cause) {
    throw unreadablePart(files, cause);
  }
}

/**
 * How many rows of several parts of a day are shown in a window of it, or outside of the day.
 *
 * @throws ArchiveError PART_INVALID when one of them cannot be read
 */
export async function countEventsOfPartFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  window: Window,
  day: Window,
): Promise<number> {
  if (files.length === 0) return 0;
  try {
    const rows = await connection.runAndReadAll(
      `SELECT count(*) FROM (${partRows(files)}) WHERE NOT ${outside(window)} OR ${outside(day)}`,
    );
    return Number(rows.getRows()[0]?.[0]);
  } catch (cause) {
    throw unreadablePart(files, cause);
  }
}

/** SQL: a row was created outside a window. */
const outside = ({ from, to }: Window): string =>
  `(created_at < TIMESTAMP ${sqlText(secondText(from))} OR created_at >= TIMESTAMP ${sqlText(secondText(to))})`;

/** What it means that parts cannot be read: that this machine lacks something, else that one of them is no part. */
export const unreadablePart = (files: readonly string[], cause: unknown): ArchiveError =>
  shortage(cause, `reading part ${files.join(', ')}`) ??
  new ArchiveError('PART_INVALID', `part ${files.join(', ')} cannot be read as Parquet`, { cause });

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

const instantOf = (epochMs: unknown): Date | undefined =>
  epochMs === null || epochMs === undefined ? undefined : new Date(Number(epochMs));

/**
 * Describe a part from its bytes alone: what a manifest says of it.
 *
 * @param day - the window by which Cloud Controller filtered; rows displayed outside it are counted as misplaced
 * @throws ArchiveError PART_INVALID when it cannot be read as a part
 */
export async function describePartFile(
  connection: DuckDBConnection,
  file: string,
  day: Window,
): Promise<PartFile> {
  try {
    const rows = partRows([file]);
    const [facts] = (
      await connection.runAndReadAll(
        `SELECT
           count(*) AS events,
           epoch_ms(min(created_at)) AS first,
           epoch_ms(max(created_at)) AS last,
           count(*) FILTER ${outside(day)} AS misplaced,
           count(*) FILTER (${UNREPRESENTABLE}) AS unrepresentable
         FROM (${rows})`,
      )
    ).getRowObjectsJS();
    const types = (
      await connection.runAndReadAll(
        `SELECT coalesce(type, '') AS type, count(*) AS events FROM (${rows}) GROUP BY 1 ORDER BY 1`,
      )
    ).getRowObjectsJS();
    const unrepresentable = await connection.runAndReadAll(
      `SELECT guid FROM (${rows}) WHERE ${UNREPRESENTABLE} ORDER BY guid LIMIT ${MAX_NAMED_GUIDS}`,
    );
    const guids = await readGuidSet(connection, rows);
    if (guids.events !== Number(facts?.events)) {
      throw new ArchiveError(
        'PART_INVALID',
        `part ${file} holds ${facts?.events} rows but ${guids.events} distinct GUIDs`,
      );
    }
    return {
      ...guids,
      file,
      bytes: (await stat(file)).size,
      sha256: await sha256Of(file),
      eventsByType: Object.fromEntries(types.map((row) => [String(row.type), Number(row.events)])),
      minCreatedAt: instantOf(facts?.first),
      maxCreatedAt: instantOf(facts?.last),
      misplaced: Number(facts?.misplaced),
      unrepresentable: Number(facts?.unrepresentable),
      unrepresentableGuids: unrepresentable.getRows().map(([guid]) => String(guid)),
    };
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause;
    throw unreadablePart([file], cause);
  }
}
