import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DAY_MS, type Day, dayOf, startOf, windowOf } from '../lib/domain/day.ts';
import { foundationNameSchema } from '../lib/domain/foundation.ts';
import { MANIFEST_FORMAT, manifestBytes } from '../lib/domain/manifest.ts';
import { manifestKey, partKey } from '../lib/domain/object-keys.ts';
import { openDuckDB } from '../lib/duckdb/open-duckdb.ts';
import { DuckDBParts } from '../lib/parquet/duckdb-parts.ts';
import { writePartFile } from '../lib/parquet/part-file.ts';
import { TOOL } from '../lib/version.ts';
import { dayRows } from './day-rows.ts';

export const LONG_FOUNDATION = foundationNameSchema.parse('long');

export interface LongArchive {
  /** Folder of the archive. */
  readonly directory: string;
  readonly days: number;
  readonly eventsPerDay: number;
  readonly lastDay: Day;
}

/** Apps that take part. */
export const LONG_APPS = 2_000;

/** Write the configuration with which the command line asks and signs the archive in `<work>/archive`; makes the folder. @returns its path */
export async function writeLongConfiguration(work: string): Promise<string> {
  await mkdir(work, { recursive: true });
  const config = join(work, 'cf-audit-archive.yml');
  await writeFile(
    config,
    `archive: file:./archive\nfoundations:\n  - { name: ${LONG_FOUNDATION}, api: "https://api.example.org", client_id: c, client_secret: { env: NONE } }\nsigning: { ed25519: { file: ./archive-signing-key.pem } }\n`,
  );
  return config;
}

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
    await writePartFile(connection, dayRows({ day, events: eventsPerDay, apps: LONG_APPS }), made);
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
