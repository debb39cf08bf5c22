import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Visibility } from '../../lib/domain/visibility.ts';
import type { CoverageReader } from '../../lib/query/ports.ts';
import { API, anHttpRig, aSite, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const [KNOWN, HIDDEN] = ['space-1', 'space-2'].map((space_guid) =>
  anEventRecord({
    created_at: micros('2026-03-09T12:00:00Z'),
    space_guid,
    actee: `app-of-${space_guid}`,
    actee_name: 'web',
  }),
);
const CLOSED =
  'created_ats[gte]=2026-03-09T00:00:00Z&created_ats[lt]=2026-03-10T00:00:00Z' as const;
const SCOPED: Visibility = { kind: 'scoped', spaces: ['space-1'], organizations: [] };

describe('how complete an answer is', () => {
  let rig: HttpRig;
  let app: HttpRig['app'];

  beforeAll(async () => {
    rig = await anHttpRig({ events: [KNOWN, HIDDEN].flatMap((event) => event ?? []) });
    app = withStates({ '2026-03-08': 'missing', '2026-03-10': 'lost' });
  });
  afterAll(() => rig.close());

  /** The archive with some days in other states. */
  const withStates = (
    states: Readonly<Record<string, 'missing' | 'lost'>>,
    visibility: Visibility = { kind: 'all' },
  ): HttpRig['app'] => {
    const archive = rig.archive();
    const coverage: CoverageReader = async (...asked) =>
      (await archive.coverage(...asked)).map((day) => ({
        ...day,
        state: states[day.dt] ?? day.state,
      }));
    return rig.another({
      archive: () => ({ ...archive, coverage }),
      sites: [aSite({ visibility: async () => visibility })],
    });
  };

  const HOLES = /^complete=false; closed=\d+; partial=1; open=1; missing=1; lost=1$/;

  it.each([
    ['/v3/apps?names=old-app', 200],
    ['/v3/apps?names=web&include=space', 200],
    ['/v3/apps?names=', 200],
    ['/v3/apps?label_selector=env', 200],
    ['/v3/spaces', 200],
    ['/v3/organizations?guids=none', 200],
    ['/v3/apps/app-of-space-1', 200],
    ['/v3/apps/none', 404],
    ['/v3/spaces/none', 404],
    ['/v3/organizations/none', 404],
    ['/v3/audit_events', 200],
    ['/v3/audit_events/none', 404],
    ['/api/v1/events', 200],
    ['/api/v1/events/none', 404],
    [`/api/v1/events/${'x'.repeat(1025)}`, 404],
    ['/api/v1/event-types', 200],
    ['/api/v1/coverage', 200],
    ['/api/v1/reports/crashes', 200],
  ])('is told with GET %s (%i)', async (path, status) => {
    const response = await requested(app, path);
    // A file is on record when it is read.
    await response.text();

    expect(response.status).toBe(status);
    expect(response.headers.get('x-archive-coverage')).toMatch(HOLES);
    expect(decodeURIComponent(response.headers.get('x-cf-warnings') ?? '')).toContain(
      'is missing: 2026-03-08',
    );
    expect(rig.questions.at(-1)).toMatchObject({
      status,
      outcome: status === 200 ? 'answered' : 'ResourceNotFound',
      coverage: { complete: false },
    });
  });

  it.each(['/v3/audit_events', '/api/v1/events'])(
    'is that of its day for an event that %s has found',
    async (root) => {
      const { headers } = await requested(app, `${root}/${KNOWN?.guid}`);

      expect(headers.get('x-archive-coverage')).toBe('complete=true; closed=1');
      expect(headers.get('x-cf-warnings')).toBeNull();
    },
  );

  it.each([
    '/v3/audit_events?created_ats[lt]=2020-01-01T00:00:00Z',
    '/v3/audit_events?created_ats[lt]=2009-01-01T00:00:00Z',
    '/api/v1/events?to=2020-01-01',
    '/api/v1/events?to=2009-01-01',
    '/api/v1/reports/crashes?to=2020-01-01&format=csv',
  ])('is never complete for what ends before the archive began: %s', async (path) => {
    const { status, headers } = await requested(app, path);

    expect(status).toBe(200);
    expect(headers.get('x-archive-coverage')).toBe('complete=false; before_archive=1');
    expect(decodeURIComponent(headers.get('x-cf-warnings') ?? '')).toContain(
      'is from before the archive began',
    );
  });

  it.each([
    ['/v3/audit_events?created_ats[lt]=0000-01-01T00:00:00Z', 200],
    ['/v3/audit_events?updated_ats[lte]=0000-01-01T00:00:00Z', 200],
    ['/api/v1/events?to=0000-01-01T00:00:00Z', 400],
    ['/api/v1/events?to=0000-01-02', 200],
  ])('has no day to tell of before the year 0: %s (%i)', async (path, expected) => {
    const { status } = await requested(app, path);

    expect(status).toBe(expected);
  });

  it('is told again with a 304', async () => {
    const lost = withStates({ '2026-03-09': 'lost' });
    const path = `/v3/audit_events?${CLOSED}`;
    const first = await requested(lost, path);
    const again = await requested(lost, path, {
      'If-None-Match': first.headers.get('etag') ?? '',
    });

    expect([first.status, again.status]).toEqual([200, 304]);
    expect(again.headers.get('x-archive-coverage')).toBe('complete=false; lost=1');
    expect(again.headers.get('x-cf-warnings')).toBe(first.headers.get('x-cf-warnings'));
  });

  it.each(['/v3/audit_events', '/api/v1/events', '/v3/apps', '/v3/spaces'])(
    'tells nothing of what %s hides: absent and invisible are one answer, headers and all',
    async (root) => {
      const scoped = withStates({ '2026-03-08': 'missing' }, SCOPED);
      const hidden = { '/v3/apps': 'app-of-space-2', '/v3/spaces': 'space-2' }[root];
      const [one, other] = await Promise.all(
        [hidden ?? HIDDEN?.guid, '00000000-0000-4000-8000-999999999999'].map(async (guid) => {
          const response = await requested(scoped, `${root}/${guid}`);
          return [response.status, [...response.headers], await response.text()];
        }),
      );

      expect(one?.[0]).toBe(404);
      expect(one).toEqual(other);
    },
  );
});

const requested = async (
  app: HttpRig['app'],
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> => app.request(new Request(`${API}${path}`, { headers }));
