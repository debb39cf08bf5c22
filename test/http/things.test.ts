import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API, anHttpRig, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const at = (day: number, hour: number): number =>
  micros(`2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`);

const app = (guid: string, name: string, created_at: number, type = 'audit.app.update') =>
  anEventRecord({ actee: guid, actee_type: 'app', actee_name: name, created_at, type });

/** `web` was deleted and made anew; `shop` was once called `store`; `other` is in another space. */
const EVENTS = [
  app('web-old', 'web', at(7, 1), 'audit.app.create'),
  app('web-old', 'web', at(7, 9), 'audit.app.delete-request'),
  app('shop-1', 'store', at(8, 1)),
  app('web-new', 'web', at(8, 2), 'audit.app.create'),
  app('shop-1', 'shop', at(9, 1)),
  { ...app('other', 'web', at(9, 2)), space_guid: 'space-2' },
  anEventRecord({
    type: 'audit.space.delete-request',
    actee: 'space-gone',
    actee_type: 'space',
    actee_name: 'attic',
    space_guid: 'space-gone',
    created_at: at(10, 1),
  }),
  anEventRecord({
    type: 'audit.organization.delete-request',
    actee: 'organization-gone',
    actee_type: 'organization',
    actee_name: 'attic & co',
    space_guid: '',
    organization_guid: 'organization-gone',
    created_at: at(10, 2),
  }),
];

describe('apps, spaces and organizations, as events tell of them', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({ events: EVENTS });
  });
  afterAll(() => rig.close());

  const guids = async (path: string): Promise<string[]> => {
    const { status, body } = await rig.json(path);
    expect(status).toBe(200);
    return body.resources.map(({ guid }: { guid: string }) => guid);
  };

  it.each([
    // Clients take the first: the newest of a name must be it.
    ['/v3/apps?names=web&space_guids=space-1', ['web-new', 'web-old']],
    ['/v3/apps?names=web', ['other', 'web-new', 'web-old']],
    ['/v3/apps?names=store', ['shop-1']],
    ['/v3/apps?names=shop,web&space_guids=space-1', ['shop-1', 'web-new', 'web-old']],
    ['/v3/apps?names=WEB', []],
    ['/v3/apps?names=', []],
    ['/v3/apps?names', []],
    ['/v3/apps?guids=web-old,shop-1', ['shop-1', 'web-old']],
    ['/v3/apps?order_by=name&per_page=2', ['shop-1', 'other']],
    ['/v3/apps?order_by=-created_at', ['other', 'web-new', 'shop-1', 'web-old']],
    ['/v3/apps?order_by=updated_at', ['web-old', 'web-new', 'shop-1', 'other']],
    ['/v3/apps?created_ats[gte]=2026-03-08T02:00:00Z', ['other', 'web-new']],
    ['/v3/apps?created_ats=2026-03-08T01:00:00Z', ['shop-1']],
    ['/v3/apps?per_page=2&page=2', ['web-new', 'web-old']],
    ['/v3/apps?page=9', []],
    ['/v3/apps?label_selector=env', []],
    ['/v3/apps?label_selector=!env&names=store', ['shop-1']],
    ['/v3/apps?stacks=cflinuxfs4', []],
    ['/v3/apps?stacks=', []],
    ['/v3/apps?lifecycle_type=docker&names=store', []],
    ['/v3/apps?lifecycle_type=buildpack&names=store', ['shop-1']],
    ['/v3/apps?lifecycle_type=&names=store', []],
    ['/v3/organizations?isolation_segment_guid=nope', []],
    ['/v3/organizations?label_selector=env', []],
    ['/v3/spaces?label_selector=env', []],
    ['/v3/spaces?names=attic', ['space-gone']],
    ['/v3/spaces?organization_guids=none', []],
    ['/v3/organizations?names=attic%20%26%20co', ['organization-gone']],
    ['/v3/organizations?order_by=name', ['organization-gone', 'organization-1']],
  ])('GET %s lists %j', async (path, wanted) => {
    expect(await guids(path)).toEqual(wanted);
  });

  it('shows an app in the form that clients know, deleted or not', async () => {
    const { body } = await rig.json('/v3/apps/web-old');

    expect(JSON.stringify(body)).toBe(
      JSON.stringify({
        guid: 'web-old',
        created_at: '2026-03-07T01:00:00Z',
        updated_at: '2026-03-07T09:00:00Z',
        name: 'web',
        state: 'STOPPED',
        lifecycle: { type: 'buildpack', data: { buildpacks: [], stack: null } },
        relationships: { space: { data: { guid: 'space-1' } } },
        metadata: { labels: {}, annotations: {} },
        links: {
          self: { href: `${API}/v3/apps/web-old` },
          space: { href: `${API}/v3/spaces/space-1` },
        },
      }),
    );
    expect((await rig.json('/v3/apps/shop-1')).body.name).toBe('shop');
  });

  it('shows spaces and organizations, and includes them where they are asked for', async () => {
    expect((await rig.json('/v3/spaces/space-gone')).body).toMatchObject({
      name: 'attic',
      relationships: { organization: { data: { guid: 'organization-1' } } },
    });
    // Nothing ever told its name.
    expect((await rig.json('/v3/organizations/organization-1')).body.name).toBe('organization-1');
    expect(
      (await rig.json('/v3/apps?names=store&include=space,space.organization')).body.included,
    ).toMatchObject({
      spaces: [{ guid: 'space-1' }],
      organizations: [{ guid: 'organization-1' }],
    });
  });

  it('pages with links of its own', async () => {
    const { body } = await rig.json('/v3/apps?per_page=3&order_by=name');

    expect(body.pagination).toMatchObject({
      total_results: 4,
      total_pages: 2,
      next: { href: `${API}/v3/apps?order_by=%2Bname&page=2&per_page=3` },
    });
  });
});
