import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COLUMNS } from '../../lib/domain/columns.ts';
import type { Position } from '../../lib/domain/cursor.ts';
import { DAY_MS, type Day, dayOf } from '../../lib/domain/day.ts';
import type { EventQuery } from '../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { AthenaEngine } from '../../lib/engine/athena-engine.ts';
import { DuckDBEngine } from '../../lib/engine/duckdb-engine.ts';
import type { ListedPart, QueryEngine } from '../../lib/query/ports.ts';
import { startAthenaServer } from '../support/athena-server.ts';
import { openDuckDBStatements } from '../support/duckdb-statements.ts';
import { anEventQuery } from '../support/event-queries.ts';

const EU_1 = foundationNameSchema.parse('eu-1');
/** Archives end with this day. */
const LAST = Date.UTC(2026, 2, 31);
const HOUR_MS = DAY_MS / 24;
const SEED = 20260301;

/** An event as stored: in the partition of one day, shown at an instant of this day or of the one before or after. */
interface StoredEvent {
  readonly guid: string;
  readonly dt: Day;
  readonly at: Date;
}

/** Many days have none, and near the borders of days there are more than elsewhere. */
const events = fc
  .array(
    fc.record({
      daysBack: fc.nat(59),
      hours: fc.constantFrom(-24, -3, -1, 0, 0, 1, 9, 12, 23, 24, 26, 47),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((drawn) =>
    drawn.map(({ daysBack, hours }, index): StoredEvent => {
      const midnight = LAST - daysBack * DAY_MS;
      return {
        guid: `event-${String(index).padStart(3, '0')}`,
        dt: dayOf(new Date(midnight)),
        at: new Date(midnight + hours * HOUR_MS),
      };
    }),
  );

/** Exports of large days divide an archive in other places than pages do. */
const partBytes = fc.constantFrom(1, 5e6, 20e6);

const query = fc
  .record({
    order: fc.constantFrom('newest', 'oldest'),
    limit: fc.integer({ min: 1, max: 70 }),
    openRange: fc.boolean(),
    from: fc.integer({ min: -70 * 24, max: -20 }).map((hours) => new Date(LAST + hours * HOUR_MS)),
    to: fc.integer({ min: -19, max: 48 }).map((hours) => new Date(LAST + hours * HOUR_MS)),
  })
  .map(anEventQuery);

/** GUIDs of what lies in the query's partitions and is shown in its range. */
function expected(stored: readonly StoredEvent[], { from, to, order }: EventQuery): string[] {
  const [first, last] = [dayOf(from), dayOf(new Date(to.getTime() - 1))];
  const ascending = stored
    .filter(({ dt, at }) => dt >= first && dt <= last && at >= from && at < to)
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.guid < b.guid ? -1 : 1))
    .map(({ guid }) => guid);
  return order === 'newest' ? ascending.reverse() : ascending;
}

async function exported(engine: QueryEngine, asked: EventQuery, parts: readonly ListedPart[]) {
  const { batches, scannedBytes } = engine.rows(asked, parts, { visibility: SEES_ALL });
  const guids = (await Array.fromAsync(batches)).flat().map(({ guid }) => guid);
  return { guids, scannedBytes: scannedBytes() };
}

async function paged(engine: QueryEngine, asked: EventQuery, parts: readonly ListedPart[]) {
  const guids: string[] = [];
  let after: Position | undefined;
  for (;;) {
    const wanted = { visibility: SEES_ALL, after, limit: asked.limit };
    const page = (await Array.fromAsync(engine.rows(asked, parts, wanted).batches)).flat();
    guids.push(...page.map(({ guid }) => guid));
    const last = page.at(-1);
    if (last?.created_at == null || page.length < asked.limit) return guids;
    after = { createdAt: last.created_at, guid: last.guid };
  }
}

describe('events in the partition of another day than their own', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'misplaced-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  let archives = 0;
  async function anArchive(stored: readonly StoredEvent[], bytes: number) {
    archives += 1;
    const root = join(directory, String(archives));
    const instance = await openDuckDB({ tempDirectory: join(directory, 'spill') });
    const connection = await instance.connect();
    const parts: ListedPart[] = [];
    for (const [dt, own] of Map.groupBy(stored, (event) => event.dt)) {
      const key = partKey(EU_1, dt, 0);
      const values = own.map(({ guid, at }) => `('${guid}', ${at.getTime()})`).join();
      const columns = COLUMNS.map(({ name, type }) => {
        if (name === 'guid') return name;
        if (name === 'created_at') return 'epoch_ms(millis)::TIMESTAMP_MS AS created_at';
        return `NULL::${type === 'text' ? 'VARCHAR' : 'TIMESTAMP_MS'} AS ${name}`;
      });
      await mkdir(dirname(join(root, key)), { recursive: true });
      await connection.run(
        `COPY (SELECT ${columns.join()} FROM (VALUES ${values}) AS stored(guid, millis)) TO '${join(root, key)}' (FORMAT parquet)`,
      );
      parts.push({ key, foundation: EU_1, dt, bytes, modifiedAt: new Date(0) });
    }
    connection.closeSync();
    instance.closeSync();
    return { root, parts };
  }

  async function withDuckDB(root: string, use: (engine: QueryEngine) => Promise<void>) {
    const engine = await DuckDBEngine.open({
      workDirectory: join(directory, 'work'),
      localPart: async ({ key }) => join(root, key),
    });
    try {
      await use(engine);
    } finally {
      engine.close();
    }
  }

  async function withAthena(root: string, use: (engine: QueryEngine) => Promise<void>) {
    const statements = await openDuckDBStatements(root, 'audit.events', join(directory, 'spill'));
    const server = await startAthenaServer(statements);
    const client = new AthenaClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      await use(
        new AthenaEngine(client, {
          workgroup: 'audit',
          database: 'audit',
          table: 'events',
          pollScale: 0,
        }),
      );
    } finally {
      client.destroy();
      await server.close();
      statements.close();
    }
  }

  it.each([
    ['DuckDB', withDuckDB, 30],
    ['Athena', withAthena, 10],
  ] as const)(
    'come once and in order, on pages and in exports, with %s',
    async (_, withEngine, numRuns) => {
      const drawn = fc.sample(fc.tuple(events, partBytes, fc.array(query, { minLength: 3 })), {
        numRuns,
        seed: SEED,
      });
      for (const [stored, bytes, queries] of drawn) {
        const { root, parts } = await anArchive(stored, bytes);
        await withEngine(root, async (engine) => {
          for (const asked of queries) {
            const [first, last] = [dayOf(asked.from), dayOf(new Date(asked.to.getTime() - 1))];
            const behind = parts.filter(({ dt }) => dt >= first && dt <= last);
            if (behind.length === 0) continue;
            const want = { asked, guids: expected(stored, asked) };

            expect({ asked, guids: await paged(engine, asked, behind) }).toEqual(want);
            const { guids } = await exported(engine, asked, behind);
            expect({ asked, guids }).toEqual(want);
          }
        });
      }
    },
    120_000,
  );

  it('does not count a part twice that holds events of two groups of days', async () => {
    const stored = Array.from({ length: 40 }, (_, index): StoredEvent => {
      const midnight = LAST - index * DAY_MS;
      return {
        guid: `event-${index}`,
        dt: dayOf(new Date(midnight)),
        at: new Date(midnight - HOUR_MS),
      };
    });
    const { root, parts } = await anArchive(stored, 20e6);

    await withDuckDB(root, async (engine) => {
      const asked = anEventQuery({ from: new Date('2026-01-01T00:00:00Z') });
      const { guids, scannedBytes } = await exported(engine, asked, parts);

      expect(guids).toHaveLength(40);
      expect(scannedBytes).toBe(40 * 20e6);
    });
  });
});
