import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTokenVerifier } from '../../lib/identity/verify-token.ts';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import { aToken, entry, FORGERIES, ISSUER, NOW, OWN } from '../support/forged-tokens.ts';
import { API, anHttpRig, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord } from '../support/sample-foundation/records.ts';

const EVENT = anEventRecord();
const REFUSED =
  '{"errors":[{"detail":"Invalid Auth Token","title":"CF-InvalidAuthToken","code":1000}]}';

describe('forged tokens, over HTTP', () => {
  let rig: HttpRig;
  let app: HttpRig['app'];
  beforeAll(async () => {
    rig = await anHttpRig({ events: [EVENT] });
    const identify = createTokenVerifier({
      provider: {
        configuration: async () => ({ issuer: ISSUER }),
        tokenKeys: async () => ({ keys: [entry(OWN.publicKey, 'key-1')] }),
      },
      now: () => NOW,
    });
    app = rig.another({
      sites: [aSite({ identify })],
      log: createQueryLog({
        store: rig.store,
        seesAll: () => true,
        now: () => NOW,
        tool: 'test/1',
      }),
    });
  });
  afterAll(() => rig.close());

  const PATHS = [
    '/v3/audit_events',
    `/v3/audit_events/${EVENT.guid}`,
    '/v3/apps',
    '/api/v1/events?format=csv',
    '/api/v1/queries',
  ];

  const ask = (path: string, token: string) =>
    app.request(new Request(`${API}${path}`, { headers: { authorization: `bearer ${token}` } }));

  it.each(FORGERIES)(
    'get nothing, tell nothing and leave nothing: a token %s',
    async (_, forge) => {
      const token = await forge();
      for (const path of PATHS) {
        const response = await ask(path, token);
        const text = await response.text();

        expect([response.status, text]).toEqual([401, REFUSED]);
        const told = JSON.stringify([...response.headers]);
        for (const part of token.split('.').filter(({ length }) => length > 8)) {
          expect(told).not.toContain(part);
        }
      }
      expect(rig.faults).toEqual([]);
      expect(await rig.keys('queries/')).toEqual([]);
    },
  );

  it('are not all tokens: a right one is answered, and on record', async () => {
    const token = await aToken();

    for (const path of PATHS) expect((await ask(path, token)).status).toBe(200);
    expect(await rig.keys('queries/')).not.toEqual([]);
  });
});
