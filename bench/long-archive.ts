import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, type Day, dayOf, startOf, windowOf } from '../lib/domain/day.ts';
import { foundationNameSchema } from '../lib/domain/foundation.ts';
import { MANIFEST_FORMAT, manifestBytes } from '../lib/domain/manifest.ts';
import { manifestKey, partKey } from '../lib/domain/object-keys.ts';
import { openDuckDB, sqlText } from '../lib/duckdb/open-duckdb.ts';
import { DuckDBParts } from '../lib/parquet/duckdb-parts.ts';
import { TOOL } from '../lib/version.ts';

export const LONG_FOUNDATION = foundationNameSchema.parse('long');

export interface LongArchive {
  /** Folder of the archive. */
  readonly directory: string;
  readonly days: number;
  readonly eventsPerDay: number;
  readonly lastDay: Day;
}

/** A GUID that depends on a text alone. */
const guidOf = (text: string): string =>
  `(left(md5(${text}), 8) || '-' || substr(md5(${text}), 9, 4) || '-4' || substr(md5(${text}), 14, 3) || '-8' || substr(md5(${text}), 18, 3) || '-' || substr(md5(${text}), 21, 12))`;

/** GUID of the app with this number; 2,000 of them take part each day. */
export const appGuid = `${guidOf("'app-1234'")}`;

/** Rows of one day: 2,000 apps in 200 spaces of 40 organizations. Depends on the day alone. */
const rowsOf = (day: Day, events: number): string => `
  WITH numbered AS (
    SELECT i, '${day}-' || i AS id, (hash('${day}', i) % 2000)::INTEGER AS app FROM range(${events}) AS t(i)
  )
  SELECT
    ${guidOf('id')} AS guid,
    (TIMESTAMP '${day} 00:00:00' + INTERVAL (hash(id) % 86400) SECOND)::TIMESTAMP_MS AS created_at,
    created_at AS updated_at,
    ['audit.app.update', 'audit.app.process.crash', 'audit.app.task.create', 'audit.app.ssh-authorized', 'audit.app.start'][1 + (hash(id, 1) % 5)::INTEGER] AS type,
    ${guidOf("'user-' || (hash(id, 2) % 300)")} AS actor_guid,
    'user' AS actor_type,
    'user-' || (hash(id, 2) % 300) || '@example.org' AS actor_name,
    NULL::VARCHAR AS actor_username,
    ${guidOf("'app-' || app")} AS target_guid,
    'app' AS target_type,
    'app-' || app AS target_name,
    ${guidOf("'space-' || (app % 200)")} AS space_guid,
    'space-' || (app % 200) AS space_name,
    ${guidOf("'organization-' || (app % 40)")} AS organization_guid,
    'organization-' || (app % 40) AS organization_name,
    '{"request":{"instances":' || (hash(id, 3) % 40) || ',"state":"STARTED","note":"' || md5(id) || '"}}' AS data,
    NULL::VARCHAR AS extra,
    (TIMESTAMP '${day} 00:00:00' + INTERVAL 28 HOUR)::TIMESTAMP_MS AS collected_at
  FROM numbered
  ORDER BY organization_guid, space_guid, target_guid, created_at, guid`;

/** Build what is not there yet: parts and manifests as a run of the archiver leaves them. */
export async function buildLongArchive(
  { directory, days, eventsPerDay, lastDay }: LongArchive,
  onDay: (done: number) => void,
): Promise<void> {
  const work = `${directory}-work`;
  await mkdir(work, { recursive: true });
  const parts = new DuckDBParts({ workDirectory: work });
  const instance = await openDuckDB({ tempDirectory: join(work, 'spill') });
  const connection = await instance.connect();
  for (let index = 0; index < days; index += 1) {
    const day = dayOf(new Date(startOf(lastDay).getTime() - index * DAY_MS));
    const manifest = join(directory, manifestKey(LONG_FOUNDATION, day, 0));
    if (await stat(manifest).catch(() => undefined)) continue;
    const key = partKey(LONG_FOUNDATION, day, 0);
    const file = join(directory, key);
    await mkdir(dirname(file), { recursive: true });
    await mkdir(dirname(manifest), { recursive: true });
    const made = join(work, 'part.parquet');
    await connection.run(
      `COPY (${rowsOf(day, eventsPerDay)}) TO ${sqlText(made)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 51200)`,
    );
    const part = await parts.describePart(made, windowOf(day));
    const guids = await parts.guidsOfParts([made]);
    await rename(made, file);
    const { from, to } = windowOf(day);
    await writeFile(
      manifest,
      manifestBytes({
        format: MANIFEST_FORMAT,
        foundation: LONG_FOUNDATION,
        api: 'https://api.example.org',
        dt: day,
        revision: 0,
        status: 'closed',
        window: { from: from.toISOString(), to: to.toISOString() },
        requests: [],
        events: part.events,
        events_by_type: { ...part.eventsByType },
        misplaced: part.misplaced,
        unrepresentable: part.unrepresentable,
        part: {
          key,
          bytes: part.bytes,
          sha256: part.sha256,
          rows: part.events,
          min_created_at: part.minCreatedAt?.toISOString() ?? null,
          max_created_at: part.maxCreatedAt?.toISOString() ?? null,
        },
        cumulative: { events: guids.events, guid_digest: guids.guidDigest },
        settle_seconds: 14_400,
        tool: TOOL,
        started_at: to.toISOString(),
        finished_at: to.toISOString(),
      }),
    );
    onDay(index + 1);
  }
  connection.closeSync();
  instance.closeSync();
}
