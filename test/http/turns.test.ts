import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryEngine } from '../../lib/query/ports.ts';
import { ANN, API, anHttpRig, answerOf, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

describe('turns of all users', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({
      events: [anEventRecord({ created_at: micros('2026-03-10T12:00:00Z') })],
    });
  });
  afterAll(() => rig.close());

  /** An application of which every question is another user's, over an engine that does not look at signals. */
  const stuck = (timeoutMs: number) => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine: QueryEngine = {
      rows: () => ({
        batches: (async function* () {
          await released;
          yield [];
        })(),
        scannedBytes: () => 0,
        dollars: () => 0,
      }),
      groups: async () => {
        await released;
        return { groups: [], scannedBytes: 0, dollars: 0 };
      },
    };
    let user = 0;
    const identify = async () => {
      user += 1;
      return { ...ANN, userGuid: `user-${user}` };
    };
    const app = rig.another(
      { archive: () => ({ ...rig.archive(), engine }), sites: [aSite({ identify })] },
      { timeoutMs },
    );
    return { app, release };
  };

  it('are not taken from pages by exports', async () => {
    const { app, release } = stuck(60_000);
    const exports = Array.from({ length: 40 }, () =>
      app.request(`${API}/api/v1/events?format=ndjson`),
    );

    const page = await app.request(`${API}/api/v1/coverage`);
    release();

    expect(page.status).toBe(200);
    for (const each of exports) expect((await each).status).toBe(200);
  });

  it('are waited for no longer than a page may take', async () => {
    const { app, release } = stuck(200);
    const pages = Array.from({ length: 16 }, () => app.request(`${API}/v3/apps`));

    const { status, body } = await answerOf(await app.request(`${API}/api/v1/coverage`));
    release();
    await Promise.all(pages);

    expect([status, body.errors[0].detail]).toEqual([
      422,
      expect.stringMatching(/no answer in time/),
    ]);
  });
});
