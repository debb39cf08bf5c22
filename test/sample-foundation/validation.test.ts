import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';

const TIME_FORMAT =
  "Created ats has an invalid timestamp format. Timestamps should be formatted as 'YYYY-MM-DDThh:mm:ssZ'";
const VALID =
  "Valid parameters are: 'page', 'per_page', 'order_by', 'created_ats', 'updated_ats', 'guids', 'types', 'target_guids', 'space_guids', 'organization_guids'";

describe('CC §1.4 validation errors', () => {
  let foundation: SampleFoundation;
  let cc: CloudControllerClient;

  beforeAll(async () => {
    foundation = await startSampleFoundation({ now: new Date('2026-03-11T00:00:00Z') });
    cc = await aClientOf(foundation);
  });

  afterAll(() => foundation.close());

  it.each([
    ['foo=1', `Unknown query parameter(s): 'foo'. ${VALID}`],
    ['foo=1&bar[x]=2', `Unknown query parameter(s): 'foo', 'bar'. ${VALID}`],
    ['label_selector=a', `Unknown query parameter(s): 'label_selector'. ${VALID}`],
    ['include=space', `Unknown query parameter(s): 'include'. ${VALID}`],
    ['actor_guids=a', `Unknown query parameter(s): 'actor_guids'. ${VALID}`],
    ['created_at[gt]=2026-01-01T00:00:00Z', `Unknown query parameter(s): 'created_at'. ${VALID}`],
    ['page=0', 'Page must be a positive integer'],
    ['page=-1', 'Page must be a positive integer'],
    ['page=abc', 'Page must be a positive integer'],
    ['page=', 'Page must be a positive integer'],
    ['per_page=0', 'Per page must be a positive integer'],
    ['per_page=-1', 'Per page must be a positive integer'],
    ['per_page=', 'Per page must be a positive integer'],
    ['per_page=5001', 'Per page must be between 1 and 5000'],
    [
      'page=9223372036854775807&per_page=2',
      'Maximum result (page * per_page) must be less than 9223372036854775807',
    ],
    ['order_by=id', "Order by can only be: 'created_at', 'updated_at'"],
    ['order_by=timestamp', "Order by can only be: 'created_at', 'updated_at'"],
    ['order_by=+created_at', "Order by can only be: 'created_at', 'updated_at'"],
    ['order_by=--created_at', "Order by can only be: 'created_at', 'updated_at'"],
    ['created_ats[eq]=2026-01-01T00:00:00Z', "Created ats Invalid relational operator: 'eq'"],
    ['created_ats[not]=x', `Created ats Invalid relational operator: 'not', ${TIME_FORMAT}`],
    ['created_ats=today', TIME_FORMAT],
    ['created_ats=', TIME_FORMAT],
    ['created_ats[gte]=', TIME_FORMAT],
    ['created_ats[gte]=2026-01-01T00:00:00.000Z', TIME_FORMAT],
    ['created_ats[gte]=2026-01-01T00:00:00%2B01:00', TIME_FORMAT],
    ['created_ats[gte]=2026-01-01T00:00:00%2B00:00', TIME_FORMAT],
    ['created_ats[gte]=2026-01-01t00:00:00z', TIME_FORMAT],
    ['created_ats[gte]=2026-01-01', TIME_FORMAT],
    ['created_ats=2026-01-01T00:00:00Z,x,y', `${TIME_FORMAT}, ${TIME_FORMAT}`],
    ['updated_ats=x', TIME_FORMAT.replace('Created', 'Updated')],
    [
      'created_ats[gte]=2026-01-01T00:00:00Z,2026-01-02T00:00:00Z',
      'Created ats only accepts one value when using a relational operator',
    ],
    ['types[not]=x', 'Types must be an array'],
    ['guids[not]=x', 'Guids must be an array'],
    ['space_guids[not]=x', 'Space guids must be an array'],
    ['organization_guids[not]=x', 'Organization guids must be an array'],
    ['target_guids[foo]=x', 'Target guids target_guids has an invalid operator'],
  ])('%s: %s', async (query, message) => {
    expect(await cc.error(`/v3/audit_events?${query}`)).toEqual({
      status: 400,
      title: 'CF-BadQueryParameter',
      code: 10005,
      detail: `The query parameter is invalid: ${message}`,
    });
  });

  it('names all problems of one request in one detail', async () => {
    const query = 'types[not]=x&foo=1&created_ats[eq]=x,y&order_by=id&per_page=5001&page=0';

    const { detail } = await cc.error(`/v3/audit_events?${query}`);

    expect(detail).toBe(
      'The query parameter is invalid: Page must be a positive integer, Per page must be between 1 and 5000, ' +
        "Order by can only be: 'created_at', 'updated_at', Created ats Invalid relational operator: 'eq', " +
        'Created ats only accepts one value when using a relational operator, ' +
        `Unknown query parameter(s): 'foo'. ${VALID}, Types must be an array`,
    );
  });

  it.each(['page=1abc', 'per_page=5000', 'order_by=', 'order_by=-updated_at', 'page=%20%2B1'])(
    'accepts %s',
    async (query) => {
      expect((await cc.get(`/v3/audit_events?${query}`)).status).toBe(200);
    },
  );

  it.each(['page[]=1', 'per_page[x]=1', 'created_ats'])(
    'answers %s, for which no rule exists, with 500',
    async (query) => {
      expect(await cc.error(`/v3/audit_events?${query}`)).toMatchObject({
        status: 500,
        code: 10001,
      });
    },
  );

  it.each(['types=%zz', 'types=%ff', 'created_ats=x&created_ats[gt]=y'])(
    'answers %s, which Rails cannot read, with 400 CF-InvalidRequest',
    async (query) => {
      expect(await cc.error(`/v3/audit_events?${query}`)).toEqual({
        status: 400,
        title: 'CF-InvalidRequest',
        code: 10004,
        detail: 'The request is invalid',
      });
    },
  );
});
