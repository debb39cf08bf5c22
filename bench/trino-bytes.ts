/**
 * How many bytes Trino reads of a table of seven years to answer what happened to one app in one month.
 *
 *     npm run bench:trino                                        2,555 days of 1,000 events, in a temporary folder
 *     npm run bench:trino -- --directory DIR --events 3000       keeps them in DIR, and builds only what is missing
 *
 * Table and views are made by the statements that `ddl` prints; needs what .ci/install-conformance installs. Ends with 1 when the bytes are over their bound.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogueStatements } from '../lib/catalogue/statements.ts';
import { DAY_MS, type Day, dayOf, daySchema, daysFrom, startOf } from '../lib/domain/day.ts';
import { foundationNameSchema } from '../lib/domain/foundation.ts';
import { partKey } from '../lib/domain/object-keys.ts';
import { openDuckDB } from '../lib/duckdb/open-duckdb.ts';
import { writePartFile } from '../lib/parquet/part-file.ts';
import { startTrino, type TrinoServer } from '../test/support/trino-server.ts';
import { appGuid, dayRows } from './day-rows.ts';

const MAX_BYTES = 10_000_000;
const DATABASE = 'audit_archive';
const LAST_DAY = daySchema.parse('2026-11-19');
const FOUNDATION = foundationNameSchema.parse('long');
/** Apps that take part, and one of them. */
const APPS = 500;
const APP = 123;

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    days: { type: 'string', default: '2555' },
    events: { type: 'string', default: '1000' },
  },
});
const days = Number(values.days);
const events = Number(values.events);
const firstDay = dayOf(new Date(startOf(LAST_DAY).getTime() - (days - 1) * DAY_MS));
const middle = startOf(firstDay).getTime() + Math.floor(days / 2) * DAY_MS;
const [from, to] = [dayOf(new Date(middle)), dayOf(new Date(middle + 30 * DAY_MS))];

const work = values.directory ?? (await mkdtemp(join(tmpdir(), 'bench-trino-')));
try {
  await mkdir(work, { recursive: true });
  const directory = join(work, 'archive');
  console.log(`Building ${days} days of ${values.events} events in ${work} …`);
  await build(directory, join(work, 'spill'));
  const trino = await startTrino({ folder: await realpath(work) });
  try {
    await ask(trino, directory);
  } finally {
    await trino.stop();
  }
} finally {
  if (values.directory === undefined) await rm(work, { recursive: true, force: true });
}

async function ask(trino: TrinoServer, directory: string): Promise<void> {
  const statements = catalogueStatements('trino', {
    database: DATABASE,
    table: 'events',
    location: 'local:///archive',
    foundations: [FOUNDATION],
    firstDay,
  });
  await trino.query(`DROP TABLE IF EXISTS ${DATABASE}.events`).catch(() => undefined);
  for (const { sql } of statements) await trino.query(sql);

  const sql = `SELECT created_at, type, actor_name, description FROM app_events
WHERE foundation = '${FOUNDATION}' AND dt BETWEEN '${from}' AND '${to}' AND app_guid = '${appGuid(APP)}'
ORDER BY created_at, guid`;
  const begun = performance.now();
  const { rows, physicalInputBytes } = await trino.query(sql, { schema: DATABASE });
  const seconds = (performance.now() - begun) / 1000;

  const [all, month] = await Promise.all([
    bytesOfDays(directory, daysFrom(firstDay, LAST_DAY)),
    bytesOfDays(directory, daysFrom(from, to)),
  ]);
  const line = (what: string, bytes: number): void =>
    console.log(`${what.padEnd(38)}${bytes.toLocaleString('en-US').padStart(14)} bytes`);
  console.log(`\n${sql}\n\n${rows.length} rows in ${seconds.toFixed(1)} s`);
  line(`the table: ${days} days`, all);
  line(`the month: ${daysFrom(from, to).length} days, whole files`, month);
  line('read by Trino', physicalInputBytes);
  // Files of which Trino read no more than the footer count as 0 with it: the whole month is the upper bound.
  const ok = rows.length > 0 && physicalInputBytes > 0 && month < MAX_BYTES;
  console.log(
    `at most ${MAX_BYTES.toLocaleString('en-US')} bytes, even if every file of the month were read whole: ${ok ? 'ok' : 'OVER'}`,
  );
  process.exitCode = ok ? 0 : 1;
}

async function bytesOfDays(directory: string, wanted: readonly Day[]): Promise<number> {
  let bytes = 0;
  for (const day of wanted) {
    const folder = join(directory, 'events', 'v1', `foundation=${FOUNDATION}`, `dt=${day}`);
    for (const file of await readdir(folder)) bytes += (await stat(join(folder, file))).size;
  }
  return bytes;
}

/** A part for each day, written as the archive writes them: columns, order, compression. A table needs no manifests. */
async function build(directory: string, tempDirectory: string): Promise<void> {
  const instance = await openDuckDB({ tempDirectory });
  const connection = await instance.connect();
  for (const [index, day] of daysFrom(firstDay, LAST_DAY).entries()) {
    const file = join(directory, partKey(FOUNDATION, day, 0));
    if (!existsSync(file)) {
      await mkdir(dirname(file), { recursive: true });
      await writePartFile(connection, dayRows({ day, events, apps: APPS }), `${file}.new`);
      await rename(`${file}.new`, file);
    }
    if ((index + 1) % 365 === 0) console.log(`  ${index + 1} days`);
  }
  connection.closeSync();
  instance.closeSync();
}
