import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TrustedKeys, trustKeys } from '../../../lib/digest/check-signature.ts';
import { firstDayInSight } from '../../../lib/digest/lookback.ts';
import type { Signer } from '../../../lib/digest/ports.ts';
import { type DigestOutcome, signDigest } from '../../../lib/digest/sign-digest.ts';
import {
  type Verdict,
  type Verification,
  verifyArchive,
} from '../../../lib/digest/verify-archive.ts';
import { type Day, daySchema, windowOf } from '../../../lib/domain/day.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import {
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestStatus,
  manifestBytes,
} from '../../../lib/domain/manifest.ts';
import { manifestKey, partKey, runReportKey } from '../../../lib/domain/object-keys.ts';
import {
  type Loss,
  RUN_REPORT_FORMAT,
  type RunDay,
  runReportBytes,
} from '../../../lib/domain/run-report.ts';
import { openDuckDB, sqlText } from '../../../lib/duckdb/open-duckdb.ts';
import { DuckDBParts } from '../../../lib/parquet/duckdb-parts.ts';
import { writePartFile } from '../../../lib/parquet/part-file.ts';
import { DuckDBQuestionDays } from '../../../lib/parquet/question-days.ts';
import { createQueryLog } from '../../../lib/query-log/log-questions.ts';
import { type RolledDay, rollQuestionDays } from '../../../lib/query-log/roll-days.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import { aSigner } from './memory-signer.ts';
import { RememberedParts } from './remembered-parts.ts';

export const FOUNDATION = foundationNameSchema.parse('eu-1');
export const aDay = (text: string): Day => daySchema.parse(text);

const API = 'https://api.eu-1.example.org';
const TOOL = 'cf-audit-archive/0.0.0-test';

export interface RevisionOptions {
  readonly revision?: number;
  readonly status?: ManifestStatus;
  /** GUIDs of all events of the day up to this revision; default: this revision's own. */
  readonly all?: readonly string[];
  readonly over?: Partial<Manifest>;
  /** Store the part and no manifest, as a run that died. */
  readonly orphan?: boolean;
  /** Adopt the stored part of this number, which holds the GUIDs, instead of storing one. */
  readonly adopts?: number;
  readonly foundation?: string;
}

/** An archive in memory whose parts are real Parquet, and the clock by which it is written. */
export class ArchiveRig {
  readonly directory: string;
  readonly store: MemoryObjectStore;
  readonly signer: Signer;
  readonly parts: RememberedParts;
  readonly questionDays: DuckDBQuestionDays;
  now = new Date('2026-03-10T05:00:00Z');
  readonly #keys: TrustedKeys;
  #files = 0;

  private constructor(directory: string) {
    this.directory = directory;
    this.store = new MemoryObjectStore(join(directory, 'copies'));
    this.signer = aSigner();
    this.#keys = trustKeys([this.signer.publicJwk()]);
    this.questionDays = new DuckDBQuestionDays(join(directory, 'spill'));
    this.parts = new RememberedParts(new DuckDBParts({ workDirectory: join(directory, 'work') }));
  }

  static async open(): Promise<ArchiveRig> {
    return new ArchiveRig(await mkdtemp(join(tmpdir(), 'digest-rig-')));
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  at(instant: string): this {
    this.now = new Date(instant);
    this.store.now = this.now;
    return this;
  }

  /** Store one revision of a day as `archive` does. */
  async revision(day: string, guids: readonly string[], options: RevisionOptions = {}) {
    const { revision = 0, all = guids, over = {}, orphan = false, adopts } = options;
    const foundation = foundationNameSchema.parse(options.foundation ?? FOUNDATION);
    const dt = aDay(day);
    const window = windowOf(dt);
    const key = partKey(foundation, dt, adopts ?? revision);
    const stored = adopts === undefined ? undefined : { bytes: this.store.bytes(key) };
    const part = guids.length === 0 ? null : (stored ?? (await this.#part(day, guids)));
    if (part && !stored) await this.store.create(key, part.bytes);
    if (orphan) return;
    const status =
      options.status ??
      (stored ? 'adopted' : revision > 0 ? 'supplement' : part ? 'closed' : 'empty');
    const manifest: Manifest = {
      format: MANIFEST_FORMAT,
      foundation,
      api: API,
      dt,
      revision,
      status,
      window: { from: window.from.toISOString(), to: window.to.toISOString() },
      requests: [],
      events: guids.length,
      events_by_type: part ? { 'audit.app.start': guids.length } : {},
      misplaced: 0,
      unrepresentable: 0,
      part: part && {
        key,
        bytes: part.bytes.length,
        sha256: createHash('sha256').update(part.bytes).digest('hex'),
        rows: guids.length,
        min_created_at: `${day}T12:00:00.000Z`,
        max_created_at: `${day}T12:00:00.000Z`,
      },
      cumulative: { events: all.length, guid_digest: guidDigest(all) },
      settle_seconds: 14_400,
      tool: TOOL,
      started_at: this.now.toISOString(),
      finished_at: this.now.toISOString(),
      ...over,
    };
    await this.store.create(manifestKey(foundation, dt, revision), manifestBytes(manifest));
  }

  async #part(day: string, guids: readonly string[]): Promise<{ bytes: Uint8Array }> {
    this.#files += 1;
    const file = join(this.directory, `part-${this.#files}.parquet`);
    const instance = await openDuckDB({ tempDirectory: join(this.directory, 'spill') });
    const connection = await instance.connect();
    try {
      const at = `TIMESTAMP_MS '${day} 12:00:00'`;
      const texts = ['actor_guid', 'actor_type', 'actor_name', 'actor_username', 'target_guid']
        .concat(['target_type', 'target_name', 'space_guid', 'space_name', 'organization_guid'])
        .concat(['organization_name', 'extra'])
        .map((name) => `NULL::VARCHAR AS ${name}`)
        .join(', ');
      const rows = guids.map((guid) => `(${sqlText(guid)})`).join(', ');
      await writePartFile(
        connection,
        `SELECT guid, ${at} AS created_at, ${at} AS updated_at, 'audit.app.start' AS type, ${texts}, '{"some":"data"}' AS data, ${at} AS collected_at FROM (VALUES ${rows}) AS events(guid)`,
        file,
      );
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
    return { bytes: await readFile(file) };
  }

  /** Store the report of a run that took place now. */
  async run(
    days: readonly (Partial<RunDay> & { readonly dt: Day })[] = [],
    { losses = [], random = '0a1b2c3d' }: { losses?: Loss[]; random?: string } = {},
  ): Promise<string> {
    const instant = this.now.toISOString();
    const key = runReportKey(FOUNDATION, this.now, random);
    const bytes = runReportBytes({
      format: RUN_REPORT_FORMAT,
      foundation: FOUNDATION,
      api: API,
      tool: TOOL,
      started_at: instant,
      finished_at: instant,
      retention_days: 31,
      settle_seconds: 14_400,
      oldest_at_source: null,
      days: days.map((day) => ({
        result: 'unchanged',
        status: null,
        at_source: 2,
        counted_at: instant,
        last_counted: null,
        archived: 2,
        added: 0,
        final_check: false,
        deleted_at_source: 0,
        deleted_guids: [],
        unrepresentable_guids: [],
        error: null,
        ...day,
      })),
      losses,
      error: null,
    });
    await this.store.create(key, bytes);
    return key;
  }

  /** Put a question on record, as of now. */
  question(userName: string): Promise<void> {
    const caller = {
      userGuid: `${userName}-guid`,
      userName,
      clientId: 'cf',
      scopes: [],
      token: '',
    };
    const log = createQueryLog({
      store: this.store,
      seesAll: () => false,
      now: () => this.now,
      tool: TOOL,
    });
    return log({
      at: this.now,
      caller,
      address: undefined,
      foundations: [FOUNDATION],
      path: '/v3/audit_events',
      parameters: [],
      purpose: undefined,
      rows: 1,
      scannedBytes: 1,
      coverage: undefined,
      status: 200,
      outcome: 'answered',
    });
  }

  /** Roll the days of the query log that are over. */
  async roll(): Promise<readonly RolledDay[]> {
    const since = await firstDayInSight(this.store, FOUNDATION);
    return rollQuestionDays(
      {
        store: this.store,
        days: this.questionDays,
        workDirectory: this.directory,
        now: this.now,
      },
      FOUNDATION,
      since,
    );
  }

  digest(over: { signer?: Signer; store?: MemoryObjectStore } = {}): Promise<DigestOutcome> {
    return signDigest(
      { store: this.store, signer: this.signer, now: () => this.now, tool: TOOL, ...over },
      FOUNDATION,
    );
  }

  verify(over: Partial<Verification> = {}): Promise<Verdict> {
    return verifyArchive({
      store: this.store,
      parts: this.parts,
      questionDays: this.questionDays,
      keys: this.#keys,
      workDirectory: join(this.directory, 'work'),
      now: this.now,
      ...over,
    });
  }
}

/** As defined for manifests: SHA-256 over the GUIDs in ascending byte order, each followed by LF. */
export const guidDigest = (guids: readonly string[]): string =>
  createHash('sha256')
    .update(
      [...guids]
        .sort()
        .map((guid) => `${guid}\n`)
        .join(''),
    )
    .digest('hex');

/** `kind object` of each finding, for tables of expectations. */
export const names = (notes: readonly { kind: string; object: string }[]): string[] =>
  notes.map(({ kind, object }) => `${kind} ${object}`);

/**
 * Three days of one foundation with everything there is: a day with a supplement, an empty one, a run report a day, a quiet digest; the clock stands an hour after the last digest.
 */
export async function aSmallArchive(): Promise<ArchiveRig> {
  const rig = await ArchiveRig.open();
  rig.at('2026-03-02T05:00:00.000Z');
  await rig.revision('2026-03-01', ['a1', 'a2']);
  await rig.run([{ dt: aDay('2026-03-01') }]);
  await rig.at('2026-03-02T06:00:00.000Z').digest();
  rig.at('2026-03-03T05:00:00.000Z');
  await rig.revision('2026-03-01', ['a3'], { revision: 1, all: ['a1', 'a2', 'a3'] });
  await rig.revision('2026-03-02', []);
  await rig.run([
    { dt: aDay('2026-03-01'), at_source: 3 },
    { dt: aDay('2026-03-02'), at_source: 0 },
  ]);
  await rig.at('2026-03-03T06:00:00.000Z').digest();
  await rig.at('2026-03-04T06:00:00.000Z').digest();
  return rig.at('2026-03-04T07:00:00.000Z');
}

/**
 * The small archive with a query log: three questions on 2 March and one on 3 March, each day rolled, and one on 4 March, which is not; the clock stands an hour after the last digest.
 */
export async function aQuestionedArchive(): Promise<ArchiveRig> {
  const rig = await ArchiveRig.open();
  rig.at('2026-03-02T05:00:00.000Z');
  await rig.revision('2026-03-01', ['a1', 'a2']);
  await rig.question('ann');
  await rig.question('bob');
  await rig.at('2026-03-02T06:00:00.000Z').digest();
  await rig.at('2026-03-02T23:59:59.000Z').question('cat');
  await rig.at('2026-03-03T05:00:00.000Z').question('ann');
  await rig.at('2026-03-03T05:59:00.000Z').roll();
  await rig.at('2026-03-03T06:00:00.000Z').digest();
  await rig.at('2026-03-04T05:00:00.000Z').question('ann');
  await rig.at('2026-03-04T05:59:00.000Z').roll();
  await rig.at('2026-03-04T06:00:00.000Z').digest();
  return rig.at('2026-03-04T07:00:00.000Z');
}
