import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { LOCAL_CALLER } from '../../lib/serving/open-sites.ts';
import { FOUNDATION } from '../support/archive/archive-rig.ts';
import {
  aContext,
  aFunctionRig,
  aRecord,
  daysAgo,
  type FunctionRig,
} from '../support/functions/function-rig.ts';
import { anEventRecord } from '../support/sample-foundation/records.ts';

let rig: FunctionRig;
beforeEach(async () => {
  rig = await aFunctionRig();
  rig.configure();
});
afterEach(() => rig.close());

const archive = async (event: unknown = {}, remainingMs?: number) =>
  (await import('../../functions/archive/handler.ts')).handler(event, aContext(remainingMs));

const archiveDay = async (...bodies: string[]) =>
  (await import('../../functions/archive-day/handler.ts')).handler(
    { Records: bodies.map((body, index) => aRecord(body, `m-${index}`)) },
    aContext(),
  );

const message = (over: object): string =>
  JSON.stringify({ version: 1, foundation: 'eu-1', task: 'day', dt: daysAgo(2), ...over });

/** Retention is six days: those that are closed. */
const CLOSED = [6, 5, 4, 3, 2, 1].map(daysAgo);

const A_ROLL = { version: 1, foundation: 'eu-1', task: 'roll-query-log' };

describe('the archive function', () => {
  it('queues each closed day that is to be read, oldest first, in the group of its foundation', async () => {
    await archive();

    expect(rig.sqs.messages.map(({ body }) => JSON.parse(body))).toEqual([
      A_ROLL,
      ...CLOSED.map((dt) => ({ version: 1, foundation: 'eu-1', task: 'day', dt })),
    ]);
    expect(rig.sqs.messages.map(({ group }) => group)).toEqual([
      'eu-1.roll-query-log',
      ...CLOSED.map(() => 'eu-1'),
    ]);
    expect(await rig.keys('events/')).toEqual([]);
    expect(rig.metrics()).toMatchObject({ DaysQueued: 6, RunsFailed: 0, DaysPostponed: 0 });
    expect(rig.metrics()).not.toHaveProperty('NewestClosedDayAgeDays');
  });

  it('counts a loss that is on record before the run ends early', async () => {
    await archive();
    await archiveDay(...rig.sqs.messages.map(({ body }) => body));
    const today = Date.parse(`${daysAgo(0)}T00:00:00Z`) * 1000;
    rig.sample.database.insertEvents([anEventRecord({ created_at: today })]);
    await archive();
    rig.sample.database.truncateEvents();
    rig.sample.faults.add({
      on: ({ query }) => decodeURIComponent(query).includes(`gte]=${daysAgo(3)}T`),
      fault: { kind: 'replaced', status: 403, body: '{}' },
    });

    await archive();

    expect(rig.metrics()).toMatchObject({ RunsFailed: 1, Losses: 1, EventsLost: 1 });
    expect(rig.logged()).toContainEqual(
      expect.objectContaining({ message: 'loss', dt: daysAgo(0), events: 1 }),
    );
  });

  it('queues nothing to be read once archive-day has had the messages', async () => {
    await archive();
    const answer = await archiveDay(...rig.sqs.messages.map(({ body }) => body));
    rig.sqs.messages.length = 0;

    await archive();

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(rig.sqs.messages.map(({ body }) => JSON.parse(body))).toEqual([A_ROLL]);
    for (const day of CLOSED.slice(2)) {
      expect(await rig.archivedGuids(day)).toEqual(rig.sourceGuids(day));
    }
    expect(rig.metrics()).toMatchObject({ DaysQueued: 0, DaysUnchanged: 6, DaysAtRisk: 0 });
    const age = Number(rig.metrics().NewestClosedDayAgeDays);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(1.1);
  });

  it('tells days at risk: not stored, and three days from leaving retention', async () => {
    await archive();

    expect(rig.metrics()).toMatchObject({ DaysAtRisk: 4 });
  });

  it('does the other foundations when one is down, and says so', async () => {
    rig.configure({
      foundations:
        '  - { name: eu-2, api: "http://127.0.0.1:9", client_id: c, client_secret: { env: NONE } }',
    });

    const answer = await archive({}, 34_000);

    expect(answer).toMatchObject([
      { foundation: 'eu-1', queued: 6, error: null },
      { foundation: 'eu-2', queued: 0, error: expect.any(String) },
    ]);
    expect(rig.metrics('eu-2')).toMatchObject({ RunsFailed: 1, DaysQueued: 0 });
    expect(rig.metrics('eu-1')).toMatchObject({ RunsFailed: 0 });
  });

  it('looks at the one foundation that is named', async () => {
    await expect(archive({ foundation: 'eu-3' })).rejects.toThrow('no foundation eu-3');
    expect(await archive({ foundation: 'eu-1' })).toMatchObject([{ foundation: 'eu-1' }]);
  });

  it('counts a run whose messages cannot be sent as failed', async () => {
    rig.sqs.refuse();

    const answer = await archive();

    expect(answer).toMatchObject([{ error: 'QUEUE_UNAVAILABLE' }]);
    expect(rig.metrics()).toMatchObject({ RunsFailed: 1, DaysQueued: 0 });
  });

  it('does not start without a queue', async () => {
    delete process.env.ARCHIVE_DAY_QUEUE_URL;

    await expect(archive()).rejects.toThrow('ARCHIVE_DAY_QUEUE_URL is not set');
  });
});

describe('the archive-day function', () => {
  it('stores one day, and again finds it done', async () => {
    const first = await archiveDay(message({}));
    const [part] = await rig.keys('events/');
    const second = await archiveDay(message({}));

    expect([first, second]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect(await rig.keys('events/')).toEqual([part]);
    expect(part).toContain(daysAgo(2));
    expect(rig.metrics()).toMatchObject({ EventsStored: 0, DaysUnchanged: 1 });
  });

  it.each([
    ['no JSON', 'neither JSON nor a task'],
    ['another version', message({ version: 2 })],
    ['an unknown key', message({ extra: true })],
    ['no day', message({ dt: '2026-02-30' })],
    ['an unknown foundation', message({ foundation: 'eu-9' })],
  ])(
    'leaves a message with %s to the queue, and never repeats it in its log',
    async (_what, body) => {
      const answer = await archiveDay(body);

      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
      const failed = rig.logged().find((entry) => entry.message === 'message failed');
      expect(failed).toMatchObject({ level: 'ERROR', messageId: 'm-0' });
      expect(rig.sqs.givenBack).toEqual([0]);
      expect(JSON.stringify(failed)).not.toContain(body.slice(1, 30));
    },
  );

  it.each([
    ['not closed yet', () => daysAgo(0)],
    ['no longer kept', () => daysAgo(40)],
  ])('is done with a day that is %s', async (_what, dt) => {
    expect(await archiveDay(message({ dt: dt() }))).toEqual({ batchItemFailures: [] });
    expect(rig.logged()).toContainEqual(expect.objectContaining({ message: 'day left alone' }));
  });

  it('leaves a day that failed to the queue, and does the same day when it comes again', async () => {
    const failing = rig.sample.faults.add({
      on: ({ query }) => /per_page=5000/.test(query),
      fault: { kind: 'replaced', status: 400, body: '{}' },
    });

    const first = await archiveDay(message({}));
    failing();
    const second = await archiveDay(message({}));

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
    expect(rig.sqs.givenBack).toEqual([120]);
    expect(second).toEqual({ batchItemFailures: [] });
    expect(await rig.archivedGuids(daysAgo(2))).toEqual(rig.sourceGuids(daysAgo(2)));
  });

  it('leaves a day that takes longer than its time to the queue, which soon asks again', async () => {
    const waiting = rig.sample.faults.add({
      on: ({ query }) => /per_page=5000/.test(query),
      fault: { kind: 'rate-limited', retryAfterSeconds: 3_600 },
    });

    const first = await archiveDay(message({}));
    waiting();
    const second = await archiveDay(message({}));

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
    expect(rig.sqs.givenBack).toEqual([120]);
    expect(second).toEqual({ batchItemFailures: [] });
    expect(await rig.archivedGuids(daysAgo(2))).toEqual(rig.sourceGuids(daysAgo(2)));
  });

  it('reads the secret anew for every message: a rotated one works in a warm function', async () => {
    await writeFile(rig.secretFile, 'of-yesterday');
    const refused = await archiveDay(message({}));
    await writeFile(rig.secretFile, ARCHIVER_CLIENT.secret);
    const answered = await archiveDay(message({}));

    expect(refused).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-0' }] });
    expect(answered).toEqual({ batchItemFailures: [] });
    const log = JSON.stringify(rig.logged());
    expect(log).toContain('CF_UNAUTHORIZED');
    expect(log).not.toContain('of-yesterday');
    expect(log).not.toContain(ARCHIVER_CLIENT.secret);
  });

  it('rolls the query log', async () => {
    await createQueryLog({
      store: rig.store,
      seesAll: () => true,
      now: () => new Date(`${daysAgo(2)}T10:00:00Z`),
      tool: 'test/1',
    })({
      at: new Date(`${daysAgo(2)}T10:00:00Z`),
      caller: LOCAL_CALLER,
      address: undefined,
      foundations: [FOUNDATION],
      path: '/v3/audit_events',
      parameters: [],
      purpose: undefined,
      rows: 0,
      scannedBytes: 0,
      coverage: undefined,
      status: 200,
      outcome: 'answered',
    });

    expect(await archiveDay(JSON.stringify(A_ROLL))).toEqual({ batchItemFailures: [] });

    expect(await rig.keys('queries/v1/days/')).toEqual([expect.stringContaining(daysAgo(2))]);
    expect(rig.logged()).toContainEqual(
      expect.objectContaining({ message: 'query log rolled', dt: daysAgo(2), questions: 1 }),
    );
  });
});
