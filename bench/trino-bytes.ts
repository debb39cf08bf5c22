/**
 * How many bytes Trino reads of a table of seven years to answer what happened to one app in one month.
 *
 *     npm run bench:trino                                        2,555 days of 1,000 events, in a temporary folder
 *     npm run bench:trino -- --directory DIR --events 3000       keeps them in DIR, and builds only what is missing
 *
 * Table and views are made by the statements that `ddl` prints; needs what .ci/install-conformance installs. Ends with 1 when the bytes are over their bound.
 */
import { createHash } from 'node:crypto';
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

const MAX_BYTES = 10_000_000;
const DATABASE = 'audit_archive';
const LAST_DAY = daySchema.parse('2026-11-19');
const FOUNDATION = foundationNameSchema.parse('long');
/** One of the 500 apps that are active each day. */
const APP = 123;

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    days: { type: 'string', default: '2555' },
    events: { type: 'string', default: '1000' },
  },
});
const days = Number(values.days);
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

function appGuid(app: number): string {
  const digits = createHash('md5').update(`app-${app}`).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** SQL of a GUID that depends on a text alone; the same as `appGuid`. */
function guidOf(text: string): string {
  return `regexp_replace(md5(${text}), '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\1-\\2-\\3-\\4-\\5')`;
}

/** Events of one day: 500 apps in 100 spaces of 20 organizations. */
function rowsOf(day: Day): string {
  return `
  SELECT
    ${guidOf(`'${day}-' || i`)} AS guid,
    (TIMESTAMP '${day}' + to_seconds(hash(i, '${day}') % 86400))::TIMESTAMP_MS AS created_at,
    created_at AS updated_at,
    ['audit.app.update', 'audit.app.process.crash', 'audit.app.task.create', 'audit.app.ssh-authorized'][1 + (i % 4)::INTEGER] AS type,
    ${guidOf("'user-' || (i % 77)")} AS actor_guid,
    'user' AS actor_type,
    'user-' || (i % 77) || '@example.org' AS actor_name,
    NULL::VARCHAR AS actor_username,
    ${guidOf("'app-' || (i % 500)")} AS target_guid,
    'app' AS target_type,
    'app-' || (i % 500) AS target_name,
    ${guidOf("'space-' || (i % 100)")} AS space_guid,
    'space-' || (i % 100) AS space_name,
    ${guidOf("'organization-' || (i % 20)")} AS organization_guid,
    'organization-' || (i % 20) AS organization_name,
    '{"request":{"instances":' || (i % 9) || ',"state":"STARTED","note":"' || md5('${day}' || i) || '"}}' AS data,
    NULL::VARCHAR AS extra,
    (TIMESTAMP '${day}' + INTERVAL 28 HOUR)::TIMESTAMP_MS AS collected_at
  FROM range(${Number(values.events)}) AS t(i)`;
}

/** A part for each day, written as the archive writes them: columns, order, compression. A table needs no manifests. */
async function build(directory: string, tempDirectory: string): Promise<void> {
  const instance = await openDuckDB({ tempDirectory });
  const connection = await instance.connect();
  for (const [index, day] of daysFrom(firstDay, LAST_DAY).entries()) {
    const file = join(directory, partKey(FOUNDATION, day, 0));
    if (!existsSync(file)) {
      await mkdir(dirname(file), { recursive: true });
      await writePartFile(connection, rowsOf(day), `${file}.new`);
      await rename(`${file}.new`, file);
    }
    if ((index + 1) % 365 === 0) console.log(`  ${index + 1} days`);
  }
  connection.closeSync();
  instance.closeSync();
}
