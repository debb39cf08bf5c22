import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  archiveFoundation,
  type FoundationResult,
} from '../../../lib/archive/archive-foundation.ts';
import type { FoundationContext, FoundationTask } from '../../../lib/archive/foundation-context.ts';
import { CloudFoundryFoundation } from '../../../lib/cloud-foundry/cloud-foundry-foundation.ts';
import type { RetryPolicy } from '../../../lib/cloud-foundry/retry.ts';
import type { Day } from '../../../lib/domain/day.ts';
import { daySchema } from '../../../lib/domain/day.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import { type Manifest, manifestSchema } from '../../../lib/domain/manifest.ts';
import { eventsPrefix, manifestsPrefix } from '../../../lib/domain/object-keys.ts';
import type { ObjectStore } from '../../../lib/domain/object-store.ts';
import { type RunReport, runReportSchema } from '../../../lib/domain/run-report.ts';
import { DuckDBParts } from '../../../lib/parquet/duckdb-parts.ts';
import type { EventRecord } from '../../../lib/sample-foundation/records.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  type SampleFoundationOptions,
  startSampleFoundation,
} from '../../../lib/sample-foundation/sample-foundation.ts';
import { FolderObjectStore } from '../../../lib/store/folder-object-store.ts';
import { theRecords } from '../sample-foundation/records.ts';

export const FOUNDATION = foundationNameSchema.parse('eu-1');

/** A short retention keeps runs quick: each looks at every day in it. */
export const POLICY = { retentionDays: 6, settleMs: 4 * 3_600_000 };

export const aDay = (text: string): Day => daySchema.parse(text);

/** A sample foundation and an empty archive in a folder, with everything between them real. */
export interface ArchiveRig {
  readonly sample: SampleFoundation;
  readonly store: ObjectStore;
  /** Of the archive, and beside it room for more. */
  readonly directory: string;
  /** The sample foundation as the archive reaches it; waits are skipped. */
  source(retry?: Partial<RetryPolicy>): CloudFoundryFoundation;
  /** One run; the archive's clock is the sample foundation's. */
  run(over?: Partial<FoundationContext>, task?: Partial<FoundationTask>): Promise<FoundationResult>;
  /** GUIDs of a day in the archive, as hyparquet reads them, with repetitions, ascending. */
  archivedGuids(day: string): Promise<string[]>;
  /** Some columns of a day's rows, as hyparquet reads them, in the order of the parts. */
  archivedColumns(day: string, columns: string[]): Promise<Record<string, unknown>[]>;
  /** GUIDs of a day at the source, ascending. */
  sourceGuids(day: string): string[];
  manifests(day: string): Promise<Manifest[]>;
  /** Reports of all runs, oldest first. */
  reports(): Promise<RunReport[]>;
  keys(prefix?: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function anArchiveRig(
  options: Partial<SampleFoundationOptions> & { readonly events?: Iterable<EventRecord> } = {},
): Promise<ArchiveRig> {
  const { events = [], ...sampleOptions } = options;
  const sample = await startSampleFoundation({
    now: new Date('2026-03-12T06:00:00Z'),
    records: theRecords({ clients: [ARCHIVER_CLIENT], events }),
    retentionDays: POLICY.retentionDays,
    ...sampleOptions,
  });
  const directory = await mkdtemp(join(tmpdir(), 'archive-rig-'));
  const store = new FolderObjectStore(join(directory, 'archive'));
  await store.check();

  const keys = async (prefix = ''): Promise<string[]> =>
    (await Array.fromAsync(store.list(prefix))).map(({ key }) => key);

  const archivedColumns: ArchiveRig['archivedColumns'] = async (day, columns) => {
    const rows: Record<string, unknown>[] = [];
    for (const key of await keys(`${eventsPrefix(FOUNDATION)}dt=${day}/`)) {
      const bytes = await readFile(join(directory, 'archive', key));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      rows.push(...(await parquetReadObjects({ file, compressors, columns })));
    }
    return rows;
  };

  const sourceOf = (retry: Partial<RetryPolicy> = {}): CloudFoundryFoundation =>
    new CloudFoundryFoundation({
      api: sample.apiUrl,
      clientId: ARCHIVER_CLIENT.id,
      clientSecret: async () => ARCHIVER_CLIENT.secret,
      concurrency: 2,
      userAgent: 'test',
      retry: { sleep: async () => undefined, ...retry },
    });

  return {
    sample,
    source: sourceOf,
    store,
    directory,
    keys,
    async run(over = {}, task = {}) {
      const source = sourceOf();
      try {
        return await archiveFoundation(
          {
            source,
            store,
            parts: new DuckDBParts({ workDirectory: join(directory, 'work') }),
            now: () => sample.clock.now(),
            concurrency: 2,
            tool: 'test/1',
            ...over,
          },
          { foundation: FOUNDATION, policy: POLICY, ...task },
        );
      } finally {
        await source.close();
      }
    },
    archivedColumns,
    async archivedGuids(day) {
      return (await archivedColumns(day, ['guid'])).map(({ guid }) => String(guid)).sort();
    },
    sourceGuids: (day) => [...sample.database.guidsOfDay(day)].sort(),
    async manifests(day) {
      const manifests: Manifest[] = [];
      for (const key of await keys(`${manifestsPrefix(FOUNDATION)}dt=${day}/`)) {
        const bytes = await store.get(key);
        manifests.push(manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes))));
      }
      return manifests;
    },
    async reports() {
      const reports: RunReport[] = [];
      for (const key of await keys('runs/')) {
        const bytes = await store.get(key);
        reports.push(runReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes))));
      }
      return reports.sort((a, b) => a.started_at.localeCompare(b.started_at));
    },
    async close() {
      await sample.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
