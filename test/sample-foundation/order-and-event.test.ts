import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

let foundation: SampleFoundation;
let cc: CloudControllerClient;

afterAll(() => foundation.close());

describe('CC §1.3 order', () => {
  const later = micros('2026-03-10T12:00:01Z');

  beforeAll(async () => {
    foundation = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      externalUrl: 'https://api.example.org',
      records: theRecords({
        events: [
          anEventRecord({ guid: 'c', created_at: later }),
          anEventRecord({ guid: 'b' }),
          anEventRecord({ guid: 'a', updated_at: later + 1 }),
          anEventRecord({ guid: 'd', created_at: later }),
        ],
      }),
    });
    cc = await aClientOf(foundation);
  });

  it.each([
    ['', ['c', 'b', 'a', 'd']],
    ['order_by=created_at', ['a', 'b', 'c', 'd']],
    ['order_by=%2Bcreated_at', ['a', 'b', 'c', 'd']],
    ['order_by=-created_at', ['d', 'c', 'b', 'a']],
    ['order_by=updated_at', ['b', 'c', 'd', 'a']],
    ['order_by=-updated_at', ['a', 'd', 'c', 'b']],
  ])(
    '"%s" gives %j: ties by guid in the same direction, by id without order_by',
    async (query, guids) => {
      expect(await cc.guids(`/v3/audit_events?${query}`)).toEqual(guids);
    },
  );
});

describe('CC §1.6 the event resource', () => {
  it('has exactly these keys in this order, and not the user name', async () => {
    foundation.database.insertEvents([
      anEventRecord({ guid: 'whole', metadata: '{"b":1,"a":[]}' }),
    ]);

    const { text } = await cc.get('/v3/audit_events/whole');

    expect(text).toBe(
      '{"guid":"whole","created_at":"2026-03-10T12:00:00Z","updated_at":"2026-03-10T12:00:00Z","type":"audit.app.start",' +
        '"actor":{"guid":"user-1","type":"user","name":"someone@example.org"},' +
        '"target":{"guid":"app-1","type":"app","name":"web"},"data":{"b":1,"a":[]},' +
        '"space":{"guid":"space-1"},"organization":{"guid":"organization-1"},' +
        '"links":{"self":{"href":"https://api.example.org/v3/audit_events/whole"}}}',
    );
  });

  it('is the same in the list', async () => {
    const { text } = await cc.get('/v3/audit_events?guids=whole');

    expect(text).toContain(`"resources":[${(await cc.get('/v3/audit_events/whole')).text}]`);
  });

  it('cuts sub-seconds off and shows the column timestamp in both times', async () => {
    const timestamp = micros('2026-03-10T12:00:00.999999Z');
    foundation.database.insertEvents([
      anEventRecord({
        guid: 'cut',
        timestamp,
        created_at: timestamp + 5,
        updated_at: timestamp + 9_000_000,
      }),
    ]);

    expect(JSON.parse((await cc.get('/v3/audit_events/cut')).text)).toMatchObject({
      created_at: '2026-03-10T12:00:00Z',
      updated_at: '2026-03-10T12:00:00Z',
    });
  });

  it('has null for no actor, target, space and organization, and {} for no data', async () => {
    foundation.database.insertEvents([
      anEventRecord({
        guid: 'bare',
        actor: null,
        actor_type: null,
        actor_name: null,
        actee: null,
        space_guid: '',
        organization_guid: '',
        metadata: null,
      }),
    ]);

    expect(JSON.parse((await cc.get('/v3/audit_events/bare')).text)).toMatchObject({
      actor: null,
      target: null,
      data: {},
      space: null,
      organization: null,
    });
  });

  it('keeps a null name apart from an empty one', async () => {
    foundation.database.insertEvents([
      anEventRecord({ guid: 'nameless', actor_name: null, actee_name: '' }),
    ]);

    expect(JSON.parse((await cc.get('/v3/audit_events/nameless')).text)).toMatchObject({
      actor: { name: null },
      target: { name: '' },
    });
  });

  it.each([
    '{"crash_timestamp":1741608000123456789,"index":0}',
    '{"2":"b","1":"a","same":1,"same":2}',
    '{"n":1.0,"e":1e400,"big":123456789012345678901234567890}',
    '{"text":"\\u00e4\\ud83d\\ude00 ä😀 \\ud800 \\/ \\u0000"}',
    '{"request":{"manifest":"---\\napplications:\\n- name: \\"web\\"\\n"}}',
  ])('sends data as it was stored, digit for digit: %s', async (metadata) => {
    const event = anEventRecord({ metadata });
    foundation.database.insertEvents([event]);

    const { text } = await cc.get(`/v3/audit_events?guids=${event.guid}`);

    expect(text).toContain(`"data":${metadata},"space"`);
  });

  it('escapes the guid of the path', async () => {
    foundation.database.insertEvents([anEventRecord({ guid: 'a/b ü' })]);

    expect((await cc.get(`/v3/audit_events/${encodeURIComponent('a/b ü')}`)).status).toBe(200);
  });
});
