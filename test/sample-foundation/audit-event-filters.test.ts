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

beforeAll(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-31T00:00:00Z'),
    records: theRecords({
      events: [
        anEventRecord({ guid: 'e1', type: 'audit.app.start', actee: 'a1' }),
        anEventRecord({ guid: 'e2', type: 'app.crash', actee: 'a2', space_guid: 's2' }),
        anEventRecord({
          guid: 'e3',
          type: 'x,y',
          actee: 'a3',
          space_guid: '',
          organization_guid: 'o2',
        }),
        anEventRecord({
          guid: 'e4',
          type: 'unheard.of',
          actee: '',
          space_guid: '',
          organization_guid: '',
        }),
        anEventRecord({ guid: 'e5', actee: null, updated_at: micros('2026-03-11T00:00:00Z') }),
        anEventRecord({
          guid: 'e6',
          type: 'a b+c%',
          actee: 'a1',
          created_at: micros('2026-03-12T00:00:00Z'),
        }),
      ],
    }),
  });
  cc = await aClientOf(foundation);
});

afterAll(() => foundation.close());

describe('CC §1.1 query parameters', () => {
  it.each([
    ['', ['e1', 'e2', 'e3', 'e4', 'e5', 'e6']],
    ['types=app.crash', ['e2']],
    ['types=app.crash,%20audit.app.start', ['e1', 'e2', 'e5']],
    ['types=unheard.of', ['e4']],
    ['target_guids=a1,a2', ['e1', 'e2', 'e6']],
    ['target_guids[not]=a1,a2', ['e3', 'e4']],
    ['target_guids%5Bnot%5D=a1%2Ca2', ['e3', 'e4']],
    ['space_guids=s2', ['e2']],
    ['organization_guids=o2,nobody', ['e3']],
    ['guids=e5,e1,nothing', ['e1', 'e5']],
    ['types=app.crash&organization_guids=o2', []],
    ['guids', []],
    ['created_ats[gte]=2026-03-11T00:00:00Z', ['e6']],
    ['created_ats%5Bgte%5D=2026-03-11T00%3A00%3A00Z', ['e6']],
    ['updated_ats[gte]=2026-03-10T12:00:01Z&updated_ats[lt]=2026-03-12T00:00:00Z', ['e5']],
    ['created_ats=2026-03-10T12:00:00Z,2026-03-12T00:00:00Z&types=a%20b%2Bc%25', ['e6']],
  ])('finds with "%s" the events %j', async (query, guids) => {
    expect(await cc.guids(`/v3/audit_events?${query}`)).toEqual(guids);
  });

  it('decodes each list value once more, so that a comma inside a value is sent as %252C', async () => {
    expect(await cc.guids('/v3/audit_events?types=x%252Cy')).toEqual(['e3']);
    expect(await cc.guids('/v3/audit_events?types=x%2Cy')).toEqual([]);
    expect(await cc.guids('/v3/audit_events?types=a+b%2Bc%2525')).toEqual(['e6']);
  });

  it.each([
    ['types=', []],
    ['space_guids=', ['e3', 'e4']],
    ['organization_guids=', ['e4']],
    ['target_guids=', ['e4']],
    ['target_guids[not]=', ['e1', 'e2', 'e3', 'e6']],
  ])('takes the empty value "%s" as "equals the empty string"', async (query, guids) => {
    expect(await cc.guids(`/v3/audit_events?${query}`)).toEqual(guids);
  });

  it('has a default of 50 per page', async () => {
    const { pagination } = await cc.list('/v3/audit_events');

    expect(pagination.first.href).toContain('per_page=50');
  });

  it('lets the last of two equal operators win', async () => {
    const query = 'created_ats[gte]=2026-03-11T00:00:00Z&created_ats[gte]=2026-03-01T00:00:00Z';

    expect(await cc.guids(`/v3/audit_events?${query}`)).toHaveLength(6);
  });

  it.each([
    ['2026-02-30T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['2026-03-09T24:00:00Z', '2026-03-10T00:00:00Z'],
    ['2026-03-09T23:59:60Z', '2026-03-10T00:00:00Z'],
    ['2026-04-31T00:00:00Z', '2026-05-01T00:00:00Z'],
  ])('reads %s as %s', async (sent, meant) => {
    const at = micros(meant);
    const guid = `rolled-${sent}`;
    foundation.clock.set(new Date('2026-06-01T00:00:00Z'));
    foundation.database.insertEvents([
      anEventRecord({ guid: `${guid}-before`, created_at: at - 1 }),
      anEventRecord({ guid, created_at: at }),
    ]);

    const found = await cc.guids(`/v3/audit_events?created_ats[gte]=${sent}&order_by=created_at`);

    expect(found).toContain(guid);
    expect(found).not.toContain(`${guid}-before`);
    for (const inserted of [guid, `${guid}-before`]) foundation.database.deleteEvent(inserted);
  });

  it.each([
    'created_ats=2026-13-01T00:00:00Z',
    'created_ats[lt]=2026-00-01T00:00:00Z',
    'updated_ats[gte]=2026-01-32T00:00:00Z',
    'created_ats[gt]=2026-01-01T24:00:01Z',
    'created_ats[lte]=2026-01-01T00:60:00Z',
  ])('answers %s, which fits the pattern, with 500', async (query) => {
    expect(await cc.error(`/v3/audit_events?${query}`)).toEqual({
      status: 500,
      title: 'UnknownError',
      code: 10001,
      detail: 'An unknown error occurred.',
    });
  });
});
