import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, theRecords } from '../support/sample-foundation/records.ts';

const LIST = 'https://api.example.org/v3/audit_events?';

describe('CC §1.7 pagination JSON', () => {
  let foundation: SampleFoundation;
  let cc: CloudControllerClient;

  beforeAll(async () => {
    foundation = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      externalUrl: 'https://api.example.org',
      records: theRecords({
        events: [1, 2, 3, 4, 5, 6, 7].map((number) =>
          anEventRecord({ guid: `e${number}`, actee: number < 3 ? 'a1' : 'a2' }),
        ),
      }),
    });
    cc = await aClientOf(foundation);
  });

  afterAll(() => foundation.close());

  it('has these keys in this order', async () => {
    const page = await cc.list('/v3/audit_events?per_page=2&page=2');

    expect(Object.keys(page)).toEqual(['pagination', 'resources']);
    expect(JSON.stringify(page.pagination)).toBe(
      `{"total_results":7,"total_pages":4,"first":{"href":"${LIST}page=1&per_page=2"},"last":{"href":"${LIST}page=4&per_page=2"},` +
        `"next":{"href":"${LIST}page=3&per_page=2"},"previous":{"href":"${LIST}page=1&per_page=2"}}`,
    );
  });

  it('builds links from its own configuration, keys sorted and percent-encoded', async () => {
    const query =
      'types=app.crash,audit.app.stop,a%252Cb&per_page=2&page=2&order_by=-created_at&created_ats[lt]=2026-03-02T00:00:00Z&created_ats[gte]=2026-03-01T00:00:00Z';

    const { pagination } = await cc.list(`/v3/audit_events?${query}`);

    expect(pagination.first.href).toBe(
      `${LIST}created_ats%5Bgte%5D=2026-03-01T00%3A00%3A00Z&created_ats%5Blt%5D=2026-03-02T00%3A00%3A00Z` +
        '&order_by=-created_at&page=1&per_page=2&types=app.crash%2Caudit.app.stop%2Ca%252Cb',
    );
  });

  it.each([
    ['order_by=created_at', 'order_by=%2Bcreated_at&'],
    ['order_by=%2Bupdated_at', 'order_by=%2Bupdated_at&'],
    ['order_by=-created_at', 'order_by=-created_at&'],
    ['order_by=', ''],
    ['', ''],
  ])('for "%s" writes "%s" into the links', async (query, written) => {
    const { pagination } = await cc.list(`/v3/audit_events?${query}`);

    expect(pagination.first.href).toBe(`${LIST}${written}page=1&per_page=50`);
  });

  it.each([
    ['types=', 'types='],
    ['types=a%20b', 'types=a+b'],
    ['types=(x)*~', 'types=%28x%29%2A~'],
  ])('for %s writes &%s', async (query, written) => {
    const { pagination } = await cc.list(`/v3/audit_events?${query}`);

    expect(pagination.first.href).toBe(`${LIST}page=1&per_page=50&${written}`);
  });

  it('has at least one page', async () => {
    const { pagination } = await cc.list('/v3/audit_events?types=none');

    expect(pagination).toMatchObject({
      total_results: 0,
      total_pages: 1,
      next: null,
      previous: null,
    });
  });

  it('answers a page beyond the end with no rows and the right totals', async () => {
    const page = await cc.list('/v3/audit_events?per_page=3&page=9');

    expect(page.resources).toEqual([]);
    expect(page.pagination).toMatchObject({ total_results: 7, total_pages: 3, next: null });
    expect(page.pagination.previous?.href).toContain('page=8&');
  });

  it('reads every row once when next is followed', async () => {
    const found: string[] = [];
    for (let url: string | undefined = '/v3/audit_events?per_page=3&order_by=-created_at'; url; ) {
      const { resources, pagination } = await cc.list(url.replace('https://api.example.org', ''));
      found.push(...resources.map(({ guid }) => guid));
      url = pagination.next?.href;
    }

    expect(found).toEqual(['e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1']);
  });

  it('writes target_guids[not] so that following the link silently drops the exclusion', async () => {
    const first = await cc.list('/v3/audit_events?target_guids[not]=a1&per_page=2');
    const next = first.pagination.next?.href ?? '';
    const second = await cc.list(next.replace('https://api.example.org', ''));

    expect(next).toBe(`${LIST}page=2&per_page=2&target_guids%5Bnot%5D%5B%5D=a1`);
    expect(first.pagination.total_results).toBe(5);
    expect(second.pagination.total_results).toBe(7);
  });
});

describe('CC §2.3 max_total_results', () => {
  it('refuses pages that go deeper, unless neither page nor per_page is given', async () => {
    await using foundation = await startSampleFoundation({
      now: new Date('2026-03-31T00:00:00Z'),
      maxTotalResults: 6,
      records: theRecords({ events: Array.from({ length: 9 }, () => anEventRecord()) }),
    });
    const cc = await aClientOf(foundation);

    expect((await cc.list('/v3/audit_events')).resources).toHaveLength(9);
    expect((await cc.list('/v3/audit_events?per_page=3&page=2')).pagination.next?.href).toContain(
      'page=3',
    );
    expect(await cc.error('/v3/audit_events?per_page=3&page=3')).toMatchObject({
      status: 400,
      detail:
        'The query parameter is invalid: Maximum result (page * per_page) must be less than 6',
    });
    expect((await cc.get('/v3/audit_events?page=1')).status).toBe(400);
  });
});
