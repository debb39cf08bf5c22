import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { beforeEach, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { dayOf, daySchema, daysFrom } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { partKey } from '../../lib/domain/object-keys.ts';
import type { ObjectStore } from '../../lib/domain/object-store.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { AthenaEngine } from '../../lib/engine/athena-engine.ts';
import { DayCounts } from '../../lib/query/day-counts.ts';
import { pageEvents } from '../../lib/query/page-events.ts';
import { anEventQuery } from '../support/event-queries.ts';

const EU_1 = foundationNameSchema.parse('eu-1');
const DAY = daySchema.parse('2026-03-01');
const NOW = Date.parse('2026-03-05T12:00:00Z');
const MINUTE = 60_000;

/** Athena that gives earlier answers again as it is allowed to: whatever was counted then. */
const athena = mockClient(AthenaClient);
let parts: { readonly revision: number; readonly modifiedAt: Date; readonly rows: number }[];
let clock: number;
beforeEach(() => {
  athena.reset();
  clock = NOW;
  const answers: { rows: number; at: number }[] = [];
  athena.on(StartQueryExecutionCommand).callsFake(async ({ ResultReuseConfiguration: reuse }) => {
    const minutes = reuse?.ResultReuseByAgeConfiguration?.MaxAgeInMinutes ?? 0;
    const earlier = answers.find(({ at }) => clock - at <= minutes * MINUTE && minutes > 0);
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const answer = earlier ?? { rows, at: clock };
    if (earlier === undefined) answers.push(answer);
    return { QueryExecutionId: String(answer.rows) };
  });
  athena
    .on(GetQueryExecutionCommand)
    .resolves({ QueryExecution: { Status: { State: 'SUCCEEDED' } } });
  athena.on(GetQueryResultsCommand).callsFake(async ({ QueryExecutionId }) => ({
    ResultSet: {
      Rows: [[], [DAY, QueryExecutionId, '2026-03-01 08:00:00.000', '2026-03-01 09:00:00.000']].map(
        (values) => ({ Data: values.map((VarCharValue) => ({ VarCharValue })) }),
      ),
    },
  }));
});

const store = {
  async *list() {
    for (const { revision, modifiedAt } of parts) {
      yield { key: partKey(EU_1, DAY, revision), bytes: 1, modifiedAt };
    }
  },
} as Partial<ObjectStore> as ObjectStore;

const engine = new AthenaEngine(new AthenaClient({ region: 'eu-central-1' }), {
  workgroup: 'audit',
  database: 'archive',
  table: 'audit_events',
  pollScale: 0,
  clockMs: () => clock,
});

const totalOf = async (counts: DayCounts): Promise<number> => {
  const page = await pageEvents(
    {
      store,
      engine,
      coverage: async (foundation, first, last) =>
        daysFrom(first ?? last, last).map((dt) => ({ foundation, dt, state: 'closed' })),
      cursorKey: async () => new Uint8Array(32),
      today: dayOf(new Date(NOW)),
      visibility: SEES_ALL,
    },
    counts,
    anEventQuery(),
    9_999,
  );
  return page.total;
};

it('counts a supplement that came after an answer that may be given again', async () => {
  const old = new Date(NOW - 3 * 24 * 60 * MINUTE);
  parts = [{ revision: 0, modifiedAt: old, rows: 5 }];
  const before = await totalOf(new DayCounts());
  clock += 10 * MINUTE;
  parts = [...parts, { revision: 1, modifiedAt: new Date(clock), rows: 1 }];
  clock += MINUTE;
  const counts = new DayCounts();
  const after = await totalOf(counts);
  clock += 24 * 60 * MINUTE;

  expect([before, after, await totalOf(counts)]).toEqual([5, 6, 6]);
});

it('lets the answer be given again once it is sure to have seen every part', async () => {
  parts = [{ revision: 0, modifiedAt: new Date(NOW - 66 * MINUTE), rows: 5 }];
  await totalOf(new DayCounts());
  parts = [{ revision: 0, modifiedAt: new Date(NOW - 61 * MINUTE), rows: 5 }];
  await totalOf(new DayCounts());

  expect(
    athena.commandCalls(StartQueryExecutionCommand).map(({ args: [{ input }] }) => {
      return input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration?.Enabled ?? false;
    }),
  ).toEqual([true, false]);
});
