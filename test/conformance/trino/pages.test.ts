import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogueStatements } from '../../../lib/catalogue/statements.ts';
import type { EventRow } from '../../../lib/domain/columns.ts';
import { summarizeCoverage } from '../../../lib/domain/coverage.ts';
import { daySchema } from '../../../lib/domain/day.ts';
import type { EventQuery } from '../../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import type { Visibility } from '../../../lib/domain/visibility.ts';
import { createAthenaClient } from '../../../lib/engine/athena-client.ts';
import { AthenaEngine } from '../../../lib/engine/athena-engine.ts';
import { DuckDBEngine } from '../../../lib/engine/duckdb-engine.ts';
import { DayCounts } from '../../../lib/query/day-counts.ts';
import { pageEvents } from '../../../lib/query/page-events.ts';
import type { ListedPart, QueryEngine } from '../../../lib/query/ports.ts';
import type { SearchContext } from '../../../lib/query/search-events.ts';
import { type AthenaServer, startAthenaServer } from '../../support/athena-server.ts';
import { anEventQuery } from '../../support/event-queries.ts';
import { hostileRows } from '../../support/hostile-queries.ts';
import { referenceAnswer } from '../../support/reference-answer.ts';
import { writeRowParts } from '../../support/row-parts.ts';
import { trinoAbsence } from '../../support/trino-home.ts';
import { startTrino, type TrinoServer } from '../../support/trino-server.ts';

const SEED = 20260302;
const MINUTE = 60_000;
const absent = trinoAbsence();
const foundation = foundationNameSchema.parse('eu-1');

let directory: string;
let rows: EventRow[];
let parts: ListedPart[];
let trino: TrinoServer;
let athena: AthenaServer;
let engines: { readonly duckdb: DuckDBEngine; readonly athena: AthenaEngine };

const start = async (): Promise<void> => {
  directory = await mkdtemp(join(tmpdir(), 'pages-'));
  rows = fc
    .sample(hostileRows, { numRuns: 300, seed: SEED })
    .map((row, index) => ({ ...row, guid: `guid-${String(index).padStart(4, '0')}` }));
  parts = await writeRowParts(join(directory, 'archive'), foundation, rows);
  trino = await startTrino({ folder: directory });
  const statements = catalogueStatements('trino', {
    database: 'archive',
    table: 'audit_rows',
    location: 'local:///archive',
    foundations: [foundation],
    firstDay: daySchema.parse('2026-02-01'),
  });
  for (const { kind, sql } of statements) if (kind !== 'view') await trino.query(sql);
  athena = await startAthenaServer(trino);
  const client = createAthenaClient({
    endpoint: athena.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  engines = {
    athena: new AthenaEngine(client, {
      workgroup: 'audit',
      database: 'archive',
      table: 'audit_rows',
      pollScale: 0.02,
    }),
    duckdb: await DuckDBEngine.open({
      workDirectory: directory,
      localPart: async ({ key }) => join(directory, 'archive', key),
      guidIndexDirectory: join(directory, 'guids'),
    }),
  };
};

/** Enough GUIDs for more than one of Athena's statements, some of them of events. */
const MANY: Visibility = {
  kind: 'scoped',
  spaces: Array.from({ length: 4_990 }, (_, index) => `space-${index}`),
  organizations: Array.from({ length: 30 }, (_, index) => `organization-${index}`),
};

/** Pages of a question until there are no more. */
async function pages(engine: QueryEngine, query: EventQuery, visibility: Visibility) {
  const context = { engine, visibility } as SearchContext;
  const surveyed = { coverage: summarizeCoverage([]), parts };
  const counts = new DayCounts();
  const guids: string[] = [];
  for (;;) {
    const page = await pageEvents(context, counts, query, guids.length, surveyed);
    guids.push(...page.events.map(({ guid }) => guid));
    if (page.events.length === 0) return { guids, total: page.total };
  }
}

const QUESTIONS: Partial<Record<keyof EventQuery, unknown>>[] = [
  { limit: 130 },
  { limit: 130, order: 'oldest' },
  { exactly: [{ column: 'type', values: ['audit.app.update', 'none', null] }] },
  { exactly: [{ column: 'target_guid', values: ['app-1', ''], not: true }] },
  { exactly: [{ column: 'space_guid', values: [null] }] },
  { exactly: [{ column: 'space_guid', values: [] }] },
];

(absent === undefined ? describe : describe.skip)(
  `pages by number on both engines${absent === undefined ? '' : `: ${absent}`}`,
  () => {
    beforeAll(start, 2 * MINUTE);
    afterAll(async () => {
      engines?.duckdb.close();
      await athena?.close();
      await trino?.stop();
      if (directory) await rm(directory, { recursive: true, force: true });
    });

    it.each(QUESTIONS)(
      'tile the answer to %j, whoever asks',
      async (given) => {
        const query = anEventQuery({ limit: 90, ...given });
        const [own] = rows.filter(({ space_guid }) => space_guid !== null);
        const some: Visibility = {
          kind: 'scoped',
          spaces: [own?.space_guid ?? ''],
          organizations: [own?.organization_guid ?? ''].filter((guid) => guid !== ''),
        };
        const many: Visibility = {
          ...MANY,
          spaces: [...MANY.spaces, ...some.spaces].sort(),
          organizations: [...MANY.organizations, ...some.organizations].sort(),
        };
        for (const visibility of [{ kind: 'all' } as const, some, many]) {
          const expected = referenceAnswer(rows, { ...query, limit: 10_000 }, visibility);
          for (const engine of Object.values(engines)) {
            expect(await pages(engine, query, visibility)).toEqual({
              guids: expected,
              total: expected.length,
            });
          }
        }
      },
      5 * MINUTE,
    );

    it('find the same groups', async () => {
      const query = anEventQuery();
      const groupsOf = async (engine: QueryEngine, visibility: Visibility) => {
        const by = ['type', 'organization_guid'] as const;
        const { groups } = await engine.groups(query, parts, { by, visibility });
        return groups.map((group) => JSON.stringify(group)).sort();
      };
      for (const visibility of [{ kind: 'all' } as const, MANY]) {
        const duckdb = await groupsOf(engines.duckdb, visibility);

        expect(await groupsOf(engines.athena, visibility)).toEqual(duckdb);
      }
      expect(await groupsOf(engines.duckdb, { kind: 'all' })).not.toEqual([]);
    });
  },
);
