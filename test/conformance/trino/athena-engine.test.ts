import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalogueStatements } from '../../../lib/catalogue/statements.ts';
import type { EventRow } from '../../../lib/domain/columns.ts';
import { daySchema } from '../../../lib/domain/day.ts';
import { ArchiveError } from '../../../lib/domain/errors.ts';
import type { EventQuery } from '../../../lib/domain/event-query.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import { SEES_ALL, type Visibility } from '../../../lib/domain/visibility.ts';
import { createAthenaClient } from '../../../lib/engine/athena-client.ts';
import { AthenaEngine } from '../../../lib/engine/athena-engine.ts';
import { type AthenaServer, startAthenaServer } from '../../support/athena-server.ts';
import { anEventQuery } from '../../support/event-queries.ts';
import { anEventRow } from '../../support/event-rows.ts';
import { hostileQueries, hostileRows, hostileVisibilities } from '../../support/hostile-queries.ts';
import { referenceAnswer } from '../../support/reference-answer.ts';
import { writeRowParts } from '../../support/row-parts.ts';
import { trinoAbsence } from '../../support/trino-home.ts';
import { startTrino, type TrinoServer } from '../../support/trino-server.ts';

/** Some of them Athena cannot be asked; at least 2,000 are. */
const QUERIES = 2_300;
const SEED = 20260302;
const MINUTE = 60_000;

const absent = trinoAbsence();
const foundation = foundationNameSchema.parse('eu-1');
const MANY = 2_345;

let directory: string;
let rows: EventRow[];
let trino: TrinoServer;
let athena: AthenaServer;
let engine: AthenaEngine;

const start = async (): Promise<void> => {
  directory = await mkdtemp(join(tmpdir(), 'athena-engine-'));
  rows = fc
    .sample(hostileRows, { numRuns: 400, seed: SEED })
    .map((row, index) => ({ ...row, guid: `guid-${String(index).padStart(4, '0')}` }));
  const many = Array.from({ length: MANY }, (_, index) =>
    anEventRow({
      guid: `many-${String(index).padStart(4, '0')}`,
      created_at: new Date(Date.parse('2026-03-20T00:00:00Z') + index * 1_000),
    }),
  );
  await writeRowParts(join(directory, 'archive'), foundation, [...rows, ...many]);
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
  engine = new AthenaEngine(client, {
    workgroup: 'audit',
    database: 'archive',
    table: 'audit_rows',
    pollScale: 0.02,
  });
};

async function answer(
  query: EventQuery,
  limit?: number,
  visibility: Visibility = SEES_ALL,
): Promise<string[]> {
  const guids: string[] = [];
  const { batches } = engine.rows(query, [], { limit, visibility });
  for await (const batch of batches) guids.push(...batch.map(({ guid }) => guid));
  return guids;
}

(absent === undefined ? describe : describe.skip)(
  `AthenaEngine, over Athena's API and Trino${absent === undefined ? '' : `: ${absent}`}`,
  () => {
    beforeAll(start, 2 * MINUTE);
    afterAll(async () => {
      await athena?.close();
      await trino?.stop();
      if (directory) await rm(directory, { recursive: true, force: true });
    });

    it(
      'gives the rows that the plain reading of the query gives, however hostile the query',
      async () => {
        let found = 0;
        let asked = 0;
        const questions = fc.tuple(hostileQueries, hostileVisibilities);
        for (const [query, visibility] of fc.sample(questions, { numRuns: QUERIES, seed: SEED })) {
          const guids = await answer(query, query.limit, visibility).catch((error) => {
            // The one thing that Athena cannot be asked and DuckDB can: its limit counts the quotes.
            if (error instanceof ArchiveError && error.code === 'QUERY_INVALID') return undefined;
            throw error;
          });
          if (guids === undefined) continue;
          asked += 1;
          const expected = referenceAnswer(rows, query, visibility);
          if (guids.join() !== expected.join()) {
            expect({ query, visibility, guids }).toEqual({ query, visibility, guids: expected });
          }
          if (guids.length > 0) found += 1;
        }

        expect(asked).toBeGreaterThanOrEqual(2_000);
        expect(found).toBeGreaterThan(QUERIES / 15);
      },
      30 * MINUTE,
    );

    it('reads results of several pages', async () => {
      const query = anEventQuery({
        from: new Date('2026-03-20T00:00:00Z'),
        to: new Date('2026-03-21T00:00:00Z'),
        order: 'oldest',
      });

      const guids = await answer(query);

      expect(guids).toHaveLength(MANY);
      expect(guids).toEqual([...guids].sort());
    });

    it(
      'asks again when it is throttled, and says so when that does not help',
      async () => {
        athena.refuse('StartQueryExecution', 'ThrottlingException', 2);
        expect(await answer(anEventQuery({ guids: ['guid-0001'] }))).toEqual(['guid-0001']);

        athena.refuse('StartQueryExecution', 'TooManyRequestsException', 5);
        await expect(answer(anEventQuery())).rejects.toMatchObject({ code: 'QUERY_BUSY' });
      },
      MINUTE,
    );

    it('stops the query when whoever asked goes away', async () => {
      const asking = new AbortController();
      const { batches } = engine.rows(anEventQuery(), [], {
        visibility: SEES_ALL,
        signal: asking.signal,
      });
      setTimeout(() => asking.abort(), 5);

      await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow();

      expect(athena.calls.map(({ action }) => action)).toContain('StopQueryExecution');
    });
  },
);
