import { AthenaClient } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AthenaEngine } from '../../lib/engine/athena-engine.ts';
import { type AthenaServer, startAthenaServer } from '../support/athena-server.ts';
import { API, anHttpRig, answerOf, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

/** Bytes that the server says a running query has read. */
const READ = 7_000_000_000;

describe('a question that Athena does not answer in time', () => {
  let rig: HttpRig;
  let athena: AthenaServer;
  let engine: AthenaEngine;
  let client: AthenaClient;
  beforeAll(async () => {
    rig = await anHttpRig({
      events: [anEventRecord({ created_at: micros('2026-03-10T12:00:00Z') })],
    });
    athena = await startAthenaServer({
      query: (_sql, { signal } = {}) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
      runningBytes: READ,
    });
    client = new AthenaClient({
      region: 'eu-central-1',
      endpoint: athena.url,
      credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    });
    engine = new AthenaEngine(client, {
      workgroup: 'w',
      database: 'd',
      table: 't',
      pollScale: 0.05,
    });
  });
  afterAll(async () => {
    client.destroy();
    await athena.close();
    await rig.close();
  });

  const hanging = (timeoutMs: number, dailyScanBytes?: number) =>
    rig.another(
      { archive: () => ({ ...rig.archive(), engine }) },
      { timeoutMs, exportTimeoutMs: timeoutMs, dailyScanBytes },
    );
  const stops = (): number =>
    athena.calls.filter(({ action }) => action === 'StopQueryExecution').length;

  it.each([
    '/v3/audit_events',
    '/v3/apps',
    '/v3/apps/app-1',
    '/v3/audit_events/00000000-0000-4000-8000-999999999999',
    '/api/v1/events',
    '/api/v1/events?format=csv',
    '/api/v1/event-types',
    '/api/v1/reports/crashes',
  ])('is ended in Athena, told as 422, and on record as a timeout: %s', async (path) => {
    const before = stops();
    rig.questions.length = 0;

    const { status, body } = await answerOf(await hanging(300).request(`${API}${path}`));

    expect([status, body.errors[0].title]).toEqual([422, 'CF-UnprocessableEntity']);
    expect(body.errors[0].detail).toMatch(/no answer in time/);
    expect(stops()).toBeGreaterThan(before);
    expect(rig.questions).toMatchObject([
      { status: 422, outcome: 'QUERY_TIMEOUT', rows: 0, scannedBytes: READ },
    ]);
    expect(rig.faults).toEqual([]);
  });

  it('has no more time than the host leaves it, whatever it is allowed', async () => {
    const { status } = await rig
      .another({ archive: () => ({ ...rig.archive(), engine }), timeLeftMs: () => 300 })
      .request(`${API}/api/v1/events?format=csv`);
    const late = await rig
      .another({ archive: () => ({ ...rig.archive(), engine }), timeLeftMs: () => -1 })
      .request(`${API}/v3/audit_events`);

    expect([status, late.status]).toEqual([422, 422]);
  });

  it('is ended while its file is put where it can be fetched', async () => {
    const published: (AbortSignal | undefined)[] = [];
    const app = rig.another(
      {
        exports: {
          publish: (_file, _name, _type, signal) =>
            new Promise((_, reject) => {
              published.push(signal);
              signal?.addEventListener('abort', () => reject(signal.reason));
            }),
        },
      },
      { exportTimeoutMs: 1_000 },
    );
    rig.questions.length = 0;

    const { status } = await app.request(`${API}/api/v1/events?format=csv`);

    expect([status, published[0]?.aborted]).toEqual([422, true]);
    expect(rig.questions.map(({ outcome }) => outcome)).toEqual(['started', 'QUERY_TIMEOUT']);
  });

  it('counts as read', async () => {
    const app = hanging(300, READ);
    const first = await app.request(`${API}/v3/apps`);
    const second = await answerOf(await app.request(`${API}/v3/apps`));

    expect([first.status, second.status]).toEqual([422, 429]);
    expect(second.body.errors[0].detail).toMatch(/questions of today have read 7\.0 GB/);
  });

  it('is aborted, not timed out, when its caller goes away', async () => {
    const away = new AbortController();
    const answer = hanging(60_000).request(
      new Request(`${API}/v3/audit_events`, { signal: away.signal }),
    );
    setTimeout(() => away.abort('a reason of the server'), 100);
    await answer;

    expect(rig.questions.at(-1)).toMatchObject({ outcome: 'aborted', scannedBytes: READ });
    expect(rig.faults).toEqual([]);
  });
});
