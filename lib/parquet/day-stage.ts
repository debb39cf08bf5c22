import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  type DayStage,
  type GuidSet,
  type KeptPage,
  PAGE_SIZE,
  type PageFacts,
  type PageRequest,
  type PartFile,
  type ScopeNames,
  type StagedPiece,
} from '../archive/ports.ts';
import { ArchiveError } from '../domain/errors.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { Window } from '../domain/window.ts';
import { setMemoryLimit, sqlText } from '../duckdb/open-duckdb.ts';
import { appendKeptPages, appendNames } from './append-rows.ts';
import { COUNT_MEMORY, type CountedGuids, countGuids } from './guid-set.ts';
import { Pace } from './pace.ts';
import { readPageFacts } from './page-facts.ts';
import { STAGED_COLUMNS } from './page-sql.ts';
import { describePartFile, partRows, unreadablePart } from './part-file.ts';
import { partIdentity } from './part-identity.ts';
import { pieceSchema } from './read-piece.ts';
import { writeSortedPart } from './sorted-part.ts';
import { pageText, stagePage } from './stage-page.ts';
import { isOutOfMemory, workError } from './work-error.ts';

/** Rows that the database compresses at once, and writes again when they are the last ones: DuckDB's own 122,880 take 100 MB more, and four times as much writing. */
const STAGE_ROW_GROUP_ROWS = 20_480;

/** Pages staged before the table's file is closed and opened again. */
const PAGES_PER_OPENING = 200;

/** What it takes at most to sort and count the GUID of an event, on a slow machine. */
const COUNT_MS = 0.015;

/** For what does not fit: a page of long events, a range of which one key has far more rows than the sample told. */
const MORE_MEMORY = '256MB';

export interface DayStageOptions {
  /** The stage's own, perhaps with an earlier stage's database in it; removed by `close`. */
  readonly directory: string;
  /** In memory; the stage's alone. */
  readonly instance: DuckDBInstance;
  /** Of the instance, such as `192MB`. */
  readonly memoryLimit: string;
  /** Milliseconds that the run has left. */
  readonly remainingMs: () => number;
  /** Called when the stage is closed or suspended. */
  readonly onClose: () => void;
}

/** One read of one day, gathered in a DuckDB database on disk: memory stays bounded however large the day is. */
export class DuckDBDayStage implements DayStage {
  readonly directory: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #memoryLimit: string;
  readonly #pace: Pace;
  /** One statement at a time: pages of several windows arrive together, the database works on one. */
  readonly #inTurn = limitConcurrency(1);
  readonly #onClose: () => void;
  #pages = 0;
  /** The kept pages that `kept_rows` stands for, as text, and what they hold. */
  #kept: { readonly keep: string; readonly guids: CountedGuids } | undefined;

  private constructor(options: DayStageOptions, connection: DuckDBConnection) {
    this.directory = options.directory;
    this.#instance = options.instance;
    this.#connection = connection;
    this.#memoryLimit = options.memoryLimit;
    this.#pace = new Pace(options.remainingMs);
    this.#onClose = options.onClose;
  }

  static async open(options: DayStageOptions): Promise<DuckDBDayStage> {
    const connection = await options.instance.connect();
    const stage = new DuckDBDayStage(options, connection);
    await stage.#attach();
    await connection.run(
      `CREATE TABLE IF NOT EXISTS staged (page INTEGER, seq INTEGER, ${STAGED_COLUMNS.join(', ')}, collected_at TIMESTAMP_MS)`,
    );
    await connection.run('CREATE TABLE IF NOT EXISTS pieces (piece VARCHAR)');
    const [last] = (
      await connection.runAndReadAll('SELECT coalesce(max(page), 0) FROM staged')
    ).getRows();
    stage.#pages = Number(last?.[0]);
    return stage;
  }

  async #attach(): Promise<void> {
    const file = sqlText(join(this.directory, 'stage.duckdb'));
    await this.#connection.run(`ATTACH ${file} AS stage (ROW_GROUP_SIZE ${STAGE_ROW_GROUP_ROWS})`);
    await this.#connection.run('USE stage');
  }

  /** Blocks of a table that grows stay in memory until its file is closed: 50 MB for each 3.5 million events. */
  async #reattach(): Promise<void> {
    await this.#connection.run('USE memory');
    await this.#connection.run('DETACH stage');
    await this.#attach();
  }

  async close(): Promise<void> {
    try {
      this.#disconnect();
      await rm(this.directory, { recursive: true, force: true });
    } finally {
      // Last: until then nobody else may make a stage of this name.
      this.#onClose();
    }
  }

  async suspend(): Promise<void> {
    try {
      this.#disconnect();
    } finally {
      this.#onClose();
    }
  }

  #disconnect(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  pieces(): Promise<readonly StagedPiece[]> {
    return this.#work('finding out what is read', async () => {
      const result = await this.#connection.runAndReadAll('SELECT piece FROM pieces');
      return result.getRows().map(([piece]) => pieceSchema.parse(JSON.parse(String(piece))));
    });
  }

  recordPiece(piece: StagedPiece): Promise<void> {
    return this.#work('remembering what is read', async () => {
      await this.#connection.run('INSERT INTO pieces VALUES (?)', [JSON.stringify(piece)]);
    });
  }

  forget(): Promise<void> {
    return this.#work('forgetting what was read', async () => {
      await this.#connection.run('DELETE FROM pieces');
      await this.#connection.run('DELETE FROM staged');
      this.#kept = undefined;
    });
  }

  addPage(file: string, request: PageRequest, collectedAt: Date): Promise<PageFacts> {
    return this.#work(`staging ${pageText(request)}`, async () => {
      if (this.#pages > 0 && this.#pages % PAGES_PER_OPENING === 0) await this.#reattach();
      this.#pages += 1;
      this.#pace.done();
      const page = this.#pages;
      const { totalResults, dated } = await stagePage(this.#connection, {
        ...{ file, page, request, collectedAt },
        withMoreMemory: (task) => this.#within(MORE_MEMORY, task),
      });
      const facts = await readPageFacts(this.#connection, page, request.window);
      return { page, totalResults, ...facts, ordered: facts.ordered && dated };
    });
  }

  removePage(file: string): Promise<void> {
    return rm(file, { force: true });
  }

  guidsOf(keep: readonly KeptPage[]): Promise<GuidSet> {
    return this.#work('comparing staged pages', async () => {
      const { events, guidDigest } = await this.#setKept(keep);
      return { events, guidDigest };
    });
  }

  scopesOf(keep: readonly KeptPage[]): Promise<{ organizations: string[]; spaces: string[] }> {
    return this.#work('collecting spaces and organizations', async () => {
      await this.#setKept(keep);
      const distinct = async (column: string): Promise<string[]> => {
        const result = await this.#connection.runAndReadAll(
          `SELECT DISTINCT ${column} FROM kept_rows WHERE ${column} <> '' ORDER BY 1`,
        );
        return result.getRows().map((row) => String(row[0]));
      };
      return this.#within(COUNT_MEMORY, async () => ({
        organizations: await distinct('organization_guid'),
        spaces: await distinct('space_guid'),
      }));
    });
  }

  missingGuids(
    keep: readonly KeptPage[],
    storedParts: readonly string[],
    limit: number,
  ): Promise<string[]> {
    return this.#work('comparing stored parts with staged pages', async () => {
      await this.#setKept(keep);
      await this.#setStored(storedParts);
      const result = await this.#connection.runAndReadAll(
        `SELECT DISTINCT guid FROM stored ANTI JOIN kept_rows USING (guid) ORDER BY guid LIMIT ${limit}`,
      );
      return result.getRows().map(([guid]) => String(guid));
    });
  }

  writePart(part: {
    readonly keep: readonly KeptPage[];
    readonly names: ScopeNames;
    readonly storedParts: readonly string[];
    readonly day: Window;
    readonly file: string;
  }): Promise<PartFile | undefined> {
    return this.#work(`writing part ${part.file}`, async () => {
      const kept = await this.#setKept(part.keep);
      await this.#setNames(part.names);
      const staged = await this.#setFresh(kept, part.storedParts);
      if (staged.events === 0) return undefined;
      const sorted = {
        rows: `SELECT rows.*, NULL::VARCHAR AS actor_username, space_names.name AS space_name, organization_names.name AS organization_name
         FROM fresh_rows AS rows
         LEFT JOIN space_names ON space_names.guid = rows.space_guid
         LEFT JOIN organization_names ON organization_names.guid = rows.organization_guid`,
        count: staged.events,
        file: part.file,
        directory: join(this.directory, 'sorted'),
        identity: partIdentity(staged, part),
        pace: this.#pace,
      };
      const sortWithin = (memoryLimit: string): Promise<void> =>
        this.#within(memoryLimit, () =>
          writeSortedPart(this.#connection, { ...sorted, memoryLimit }),
        );
      await sortWithin(this.#memoryLimit).catch((error) => {
        if (!isOutOfMemory(error)) throw error;
        // What is sorted by now stays sorted.
        return sortWithin(MORE_MEMORY);
      });
      const written = await this.#within(COUNT_MEMORY, () =>
        describePartFile(this.#connection, part.file, part.day),
      );
      if (written.events !== staged.events || written.guidDigest !== staged.guidDigest) {
        throw new ArchiveError(
          'PART_INVALID',
          `part read back holds ${written.events} events, staged were ${staged.events}, or their GUIDs differ; nothing was stored`,
        );
      }
      return written;
    });
  }

  #work<T>(doing: string, task: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      try {
        return await task();
      } catch (error) {
        throw workError(error, doing);
      }
    });
  }

  /** Work with the memory that it takes; what the database held beyond that is given back. */
  async #within<T>(memory: string, task: () => Promise<T>): Promise<T> {
    await setMemoryLimit(this.#connection, memory);
    try {
      return await task();
    } finally {
      await setMemoryLimit(this.#connection, this.#memoryLimit);
    }
  }

  /** Make `kept_rows` the rows of the kept pages, each GUID once. */
  async #setKept(keep: readonly KeptPage[]): Promise<CountedGuids> {
    // Asked several times about the same rows, and sorting millions of GUIDs is no small thing.
    const wanted = JSON.stringify(keep);
    if (wanted === this.#kept?.keep) return this.#kept.guids;
    this.#kept = undefined;
    const most = keep.length * PAGE_SIZE;
    this.#pace.need(most * COUNT_MS, `counting up to ${most} events`);
    await this.#connection.run(
      'CREATE OR REPLACE TEMP TABLE kept (page INTEGER, before TIMESTAMP_MS)',
    );
    await appendKeptPages(this.#connection, keep);
    const rows = `FROM staged JOIN kept USING (page) WHERE kept.before IS NULL OR staged.created_at < kept.before`;
    const guids = await this.#within(COUNT_MEMORY, () =>
      countGuids(this.#connection, `SELECT staged.guid ${rows}`),
    );
    const repeated = guids.rows !== guids.events;
    await this.#connection.run(
      `CREATE OR REPLACE TEMP VIEW kept_rows AS SELECT staged.* ${rows}
       ${repeated ? 'QUALIFY row_number() OVER (PARTITION BY guid ORDER BY page, seq) = 1' : ''}`,
    );
    this.#kept = { keep: wanted, guids };
    return guids;
  }

  /** Make `fresh_rows` the kept rows whose GUID is in none of the stored parts. */
  async #setFresh(kept: CountedGuids, storedParts: readonly string[]): Promise<CountedGuids> {
    const view = 'CREATE OR REPLACE TEMP VIEW fresh_rows AS SELECT * FROM';
    if (storedParts.length === 0) {
      await this.#connection.run(`${view} kept_rows`);
      return { ...kept, rows: kept.events };
    }
    await this.#setStored(storedParts);
    await this.#connection.run(
      'CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM kept_rows ANTI JOIN stored USING (guid)',
    );
    await this.#connection.run(`${view} fresh`);
    return this.#within(COUNT_MEMORY, () =>
      countGuids(this.#connection, 'SELECT guid FROM fresh_rows'),
    );
  }

  /** Make `stored` the GUIDs of parts that are already stored. */
  async #setStored(parts: readonly string[]): Promise<void> {
    await this.#connection.run('CREATE OR REPLACE TEMP TABLE stored (guid VARCHAR)');
    if (parts.length === 0) return;
    try {
      await this.#connection.run(`INSERT INTO stored SELECT guid FROM (${partRows(parts)})`);
    } catch (cause) {
      throw unreadablePart(parts, cause);
    }
  }

  async #setNames(names: ScopeNames): Promise<void> {
    const tables = { organization_names: names.organizations, space_names: names.spaces };
    for (const [table, entries] of Object.entries(tables)) {
      await this.#connection.run(
        `CREATE OR REPLACE TEMP TABLE ${table} (guid VARCHAR, name VARCHAR)`,
      );
      await appendNames(this.#connection, table, entries);
    }
  }
}
