import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { SORT_ORDER } from '../domain/columns.ts';
import { setMemoryLimit, sqlPath, sqlText } from '../duckdb/open-duckdb.ts';
import type { Pace } from './pace.ts';
import { copyToPart, PART_COLUMNS, writePartFile } from './part-file.ts';

/** What is sorted at once. DuckDB spills while it sorts, but what it merges must have its place in memory: 8 GB did not fit into a limit of 192 MB. */
const RANGE_BYTES = 128 * 1024 * 1024;

/** Between two ranges the database gives back what it holds; otherwise the process grows with each, by half as much again. */
const IDLE_MEMORY = '24MB';

/** That a range is a small part of the rows leads the optimizer to guess that it is smaller than the few names which are joined to it; it would then hold the range in memory a second time. */
const WITHOUT_GUESSES = "SET disabled_optimizers = 'build_side_probe_side'";

/** What it takes to sort and write an event, to find the events of a range among all, and to copy one into the part and read that back: at most, on a slow machine. */
const SORT_MS = 0.05;
const SCAN_MS = 0.004;
const JOIN_MS = 0.03;

/** Of a row, without its two long texts. */
const ROW_BYTES = 'coalesce(strlen(data), 0) + coalesce(strlen(extra), 0) + 400';

/** Rows by whose keys a large day is cut into ranges. */
const SAMPLE_ROWS = 65_536;

const SORT_KEY = `create_sort_key(${SORT_ORDER.map((name) => `"${name}", 'ASC NULLS LAST'`).join(', ')})`;

const cutSchema = z.object({
  /** Of the first row after the cut: `SORT_KEY`, in hexadecimal digits. */
  key: z.string(),
  /** And its organization, likewise; null when it has none. */
  organization: z.string().nullable(),
});

/** Where a range ends and the next one begins. */
type Cut = z.infer<typeof cutSchema>;

/** How rows are cut, kept beside the files of the ranges. */
const planSchema = z.object({ identity: z.string(), cuts: z.array(cutSchema) });

export interface SortedPart {
  /** SQL of a query with all columns of a part. */
  readonly rows: string;
  /** How many they are. */
  readonly count: number;
  readonly file: string;
  /** For the ranges of a large day. When the writing ends early they stay, and the next call goes on from there; otherwise it is removed. */
  readonly directory: string;
  /** Says which rows these are: two calls with the same text write the same ones. */
  readonly identity: string;
  readonly pace: Pace;
  /** Of the database while it sorts, such as `192MB`. */
  readonly memoryLimit: string;
  /** What is sorted at once; a test cuts a small day. */
  readonly rangeBytes?: number;
}

/**
 * Write a query's rows as one part: flat columns, sorted, ZSTD.
 *
 * A large day is cut into ranges of the sort order; each is sorted into a file of its own, and these become the part one after the other: memory stays bounded however large the day is.
 *
 * @throws ArchiveError DEADLINE_REACHED when the next run should go on
 */
export async function writeSortedPart(
  connection: DuckDBConnection,
  part: SortedPart,
): Promise<void> {
  const { pace, count, directory } = part;
  const cuts = (await readPlan(part)) ?? (await planRanges(connection, part));
  if (cuts.length === 0) {
    pace.need(count * (SORT_MS + JOIN_MS), `writing ${count} events`);
    await writePartFile(connection, part.rows, part.file);
    return;
  }
  const files = await writeRanges(connection, part, cuts);
  pace.need(count * JOIN_MS, `joining ${files.length} sorted ranges`);
  await joinFiles(connection, files, part.file);
  await rm(directory, { recursive: true, force: true });
}

/** A sorted file for each range; those that an earlier call wrote stay. */
async function writeRanges(
  connection: DuckDBConnection,
  { rows, count, directory, pace, memoryLimit }: SortedPart,
  cuts: readonly Cut[],
): Promise<readonly string[]> {
  const ranges = rangesBetween(cuts);
  const files: string[] = [];
  await connection.run(WITHOUT_GUESSES);
  try {
    for (const [index, range] of ranges.entries()) {
      const file = join(directory, `range-${index}.parquet`);
      files.push(file);
      if (await exists(file)) continue;
      const ms = count * (SORT_MS / ranges.length + SCAN_MS);
      pace.need(ms, `sorting range ${index + 1} of ${ranges.length}`);
      await setMemoryLimit(connection, IDLE_MEMORY);
      await setMemoryLimit(connection, memoryLimit);
      await writePartFile(connection, `SELECT * FROM (${rows}) WHERE ${range}`, `${file}.new`);
      await rename(`${file}.new`, file);
      pace.done();
    }
  } finally {
    await connection.run('RESET disabled_optimizers');
  }
  return files;
}

const planOf = (directory: string): string => join(directory, 'plan.json');

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** The cuts by which an earlier call began to write the same rows. */
async function readPlan({ directory, identity }: SortedPart): Promise<readonly Cut[] | undefined> {
  try {
    const plan = planSchema.parse(JSON.parse(await readFile(planOf(directory), 'utf8')));
    return plan.identity === identity ? plan.cuts : undefined;
  } catch {
    return undefined;
  }
}

/** Cut the rows anew; what is left of other rows is removed. */
async function planRanges(connection: DuckDBConnection, part: SortedPart): Promise<readonly Cut[]> {
  const { directory, identity } = part;
  await rm(directory, { recursive: true, force: true });
  const cuts = await findCuts(connection, part);
  if (cuts.length === 0) return cuts;
  await mkdir(directory, { recursive: true });
  await writeFile(planOf(directory), JSON.stringify({ identity, cuts }));
  return cuts;
}

/** Write the rows of several files, one after the other, as they are. */
async function joinFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  file: string,
): Promise<void> {
  const list = files.map(sqlPath).join(', ');
  await connection.run('SET preserve_insertion_order = true');
  try {
    const rows = `SELECT ${PART_COLUMNS} FROM read_parquet([${list}], hive_partitioning = false)`;
    await copyToPart(connection, rows, file);
  } finally {
    await connection.run('SET preserve_insertion_order = false');
  }
}

/** Cuts between ranges of about equal size, by a sample of the rows; none when all of them are small enough to be sorted at once. */
async function findCuts(
  connection: DuckDBConnection,
  { rows, count, rangeBytes = RANGE_BYTES }: SortedPart,
): Promise<readonly Cut[]> {
  const every = Math.ceil(count / SAMPLE_ROWS);
  const result = await connection.runAndReadAll(
    `WITH sample AS (
       SELECT ${SORT_KEY} AS key, organization_guid, ${ROW_BYTES} AS bytes
       FROM (${rows}) WHERE hash(guid) % ${every} = 0
     ), places AS (
       SELECT key, organization_guid, CAST(sum(bytes) OVER (ORDER BY key) * ${every} AS BIGINT) // ${rangeBytes} AS place FROM sample
     )
     SELECT hex(min(key)), hex(encode(arg_min_null(organization_guid, key))) FROM places WHERE place > 0 GROUP BY place ORDER BY place`,
  );
  return result.getRows().map(([key, organization]) => ({
    key: String(key),
    organization: organization === null ? null : String(organization),
  }));
}

const rangesBetween = (cuts: readonly Cut[]): string[] =>
  [undefined, ...cuts].map((from, index) => rangeOf(from, cuts[index]));

/**
 * SQL of what lies between two cuts. The sort key alone would say it all; but on the organization, which comes first in it, the scan can tell by itself which rows to leave out.
 */
function rangeOf(from: Cut | undefined, to: Cut | undefined): string {
  const conditions: string[] = [];
  const text = (hex: string): string => `decode(from_hex(${sqlText(hex)}))`;
  if (from) conditions.push(`${SORT_KEY} >= from_hex(${sqlText(from.key)})`);
  if (to) conditions.push(`${SORT_KEY} < from_hex(${sqlText(to.key)})`);
  if (from?.organization === null) conditions.push('organization_guid IS NULL');
  else if (from) {
    const orNull = to && to.organization !== null ? '' : ' OR organization_guid IS NULL';
    conditions.push(`(organization_guid >= ${text(from.organization)}${orNull})`);
  }
  if (to && to.organization !== null) {
    conditions.push(`organization_guid <= ${text(to.organization)}`);
  }
  return conditions.join(' AND ');
}
