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

const FRACTIONS = ['000000', '000001', '999997', '999998', '999999'];
const AT = (second: number, fraction: string) => micros(`2026-03-10T12:00:0${second}.${fraction}Z`);

/** One event at each interesting microsecond of the seconds 3, 4 and 5, named `<second>.<fraction>`. */
const events = [3, 4, 5].flatMap((second) =>
  FRACTIONS.map((fraction) =>
    anEventRecord({ guid: `${second}.${fraction}`, created_at: AT(second, fraction) }),
  ),
);
const secondsOf = (second: number) => FRACTIONS.map((fraction) => `${second}.${fraction}`);
const T = '2026-03-10T12:00:04Z';
const NEXT = '2026-03-10T12:00:05Z';

describe('CC §1.2 what the time operators compare with', () => {
  let foundation: SampleFoundation;
  let cc: CloudControllerClient;

  beforeAll(async () => {
    foundation = await startSampleFoundation({
      now: new Date('2026-03-11T00:00:00Z'),
      records: theRecords({ events }),
    });
    cc = await aClientOf(foundation);
  });

  afterAll(() => foundation.close());

  it.each([
    [`[gte]=${T}`, [...secondsOf(4), ...secondsOf(5)]],
    [`[lt]=${NEXT}`, [...secondsOf(3), ...secondsOf(4)]],
    [`[lte]=${T}`, [...secondsOf(3), '4.000000', '4.000001', '4.999997', '4.999998']],
    [`=${T}`, ['4.000000', '4.000001', '4.999997', '4.999998']],
    [`[gt]=${T}`, ['4.999999', ...secondsOf(5)]],
  ])('created_ats%s', async (filter, guids) => {
    expect(await cc.guids(`/v3/audit_events?created_ats${filter}`)).toEqual(guids);
    expect(await cc.guids(`/v3/audit_events?updated_ats${filter}`)).toEqual(guids);
  });

  it.each([
    ['gte and lt', (at: string, next: string) => `created_ats[gte]=${at}&created_ats[lt]=${next}`],
    ['gt and lte', (at: string, next: string) => `created_ats[gt]=${at}&created_ats[lte]=${next}`],
  ])('tiles time without gap or overlap by %s', async (_, window) => {
    const found: string[] = [];
    for (const second of [2, 3, 4, 5]) {
      const query = window(`2026-03-10T12:00:0${second}Z`, `2026-03-10T12:00:0${second + 1}Z`);
      found.push(...(await cc.guids(`/v3/audit_events?${query}`)));
    }

    expect([...found].sort()).toEqual(events.map(({ guid }) => guid));
  });

  it('loses the last microsecond of a second by equality and lte, which gte and lt do not', async () => {
    const equal = await cc.guids(`/v3/audit_events?created_ats=${T}`);
    const window = `created_ats[gte]=${T}&created_ats[lt]=${NEXT}`;

    expect(equal).not.toContain('4.999999');
    expect(await cc.guids(`/v3/audit_events?${window}`)).toEqual([...equal, '4.999999']);
  });

  it('ORs the values of an equality', async () => {
    const found = await cc.guids(`/v3/audit_events?created_ats=2026-03-10T12:00:03Z,${NEXT}`);

    expect(found).toHaveLength(8);
  });

  it('filters and sorts by created_at but shows timestamp', async () => {
    foundation.database.insertEvents([
      anEventRecord({
        guid: 'misplaced',
        created_at: micros('2026-03-10T18:00:00Z'),
        timestamp: micros('2026-03-09T01:02:03.999999Z'),
        updated_at: micros('2026-03-10T19:00:00Z'),
      }),
    ]);

    const { resources } = await cc.list('/v3/audit_events?created_ats=2026-03-10T18:00:00Z');

    expect(resources).toEqual([
      expect.objectContaining({
        guid: 'misplaced',
        created_at: '2026-03-09T01:02:03Z',
        updated_at: '2026-03-09T01:02:03Z',
      }),
    ]);
    expect(await cc.guids('/v3/audit_events?updated_ats=2026-03-10T19:00:00Z')).toEqual([
      'misplaced',
    ]);
  });
});

describe('CC §2.4 whole seconds, as on MySQL', () => {
  it('cuts the times on insert, so that equality finds all events of a second', async () => {
    await using foundation = await startSampleFoundation({
      now: new Date('2026-03-11T00:00:00Z'),
      precision: 'whole-seconds',
      records: theRecords({ events }),
    });
    const cc = await aClientOf(foundation);

    expect(await cc.guids(`/v3/audit_events?created_ats=${T}`)).toEqual(secondsOf(4));
    expect(await cc.guids(`/v3/audit_events?created_ats[gt]=${T}`)).toEqual(secondsOf(5));
  });
});
