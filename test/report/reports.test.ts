import { describe, expect, it } from '@jest/globals';
import type { EventRow } from '../../lib/domain/columns.ts';
import { eventQuerySchema } from '../../lib/domain/event-query.ts';
import { cfEventsTime } from '../../lib/report/local-time.ts';
import { lineJson, type Report, reportRows } from '../../lib/report/report.ts';
import { REPORTS } from '../../lib/report/report-list.ts';
import EVENT_TYPES from '../../lib/sample-foundation/generator/event-types.json' with {
  type: 'json',
};
import { aBareRow, aRow, batchesOf } from './support/rows.ts';

const reportNamed = (name: string): Report => {
  const report = REPORTS.find((each) => each.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
};

async function linesOf(
  name: string,
  row: Partial<EventRow>,
): Promise<Readonly<Record<string, string | null>>[]> {
  const report = reportNamed(name);
  const lines = [];
  for await (const batch of reportRows(report, batchesOf([aRow(row)]), { timeZone: 'UTC' })) {
    lines.push(...batch.map((cells) => JSON.parse(lineJson(report)(cells))));
  }
  return lines;
}

const matches = (pattern: string, type: string): boolean =>
  pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

const typesOf = ({ filter }: Report): string[] =>
  EVENT_TYPES.map(({ type }) => type).filter(
    (type) =>
      (filter.types ?? [type]).some((pattern) => matches(pattern, type)) &&
      !(filter.notTypes ?? []).some((pattern) => matches(pattern, type)),
  );

describe('REPORTS', () => {
  it('has the reports by name', () => {
    expect(REPORTS.map(({ name }) => name)).toEqual([
      'user-access-changes',
      'route-changes',
      'service-instances',
      'service-bindings',
      'service-changes',
      'all-events',
      'app-history',
      'ssh-access',
      'secrets-read',
      'crashes',
      'admin-changes',
    ]);
  });

  it.each(REPORTS.map((report) => [report.name, report] as const))(
    '%s is a question the archive can be asked',
    (_, report) => {
      const asked = { foundations: ['eu-1'], from: new Date(0), to: new Date(1), ...report.filter };

      expect(eventQuerySchema.safeParse(asked).error).toBeUndefined();
      expect(new Set(report.columns.map(({ title }) => title)).size).toBe(report.columns.length);
      expect(report.description).toMatch(/\S/);
    },
  );

  it.each(REPORTS.map((report) => [report.name, report] as const))(
    '%s has a line of every event it finds, whatever the event lacks',
    async (_, report) => {
      const rows = typesOf(report).flatMap((type) => [
        aBareRow({ type }),
        aRow({ type, data: 'no JSON' }),
        aRow({ type, data: '{"request":{"relationships":null,"app_guid":{}}}' }),
      ]);
      const lines = [];
      for await (const batch of reportRows(report, batchesOf(rows), { timeZone: 'UTC' })) {
        lines.push(...batch);
      }

      expect(lines).toHaveLength(rows.length);
      for (const cells of lines) {
        expect(cells).toHaveLength(report.columns.length);
        for (const cell of cells) expect(cell === null || typeof cell === 'string').toBe(true);
      }
    },
  );

  it.each<[name: string, titles: string[]]>([
    ['user-access-changes', ['User']],
    ['route-changes', ['Route', 'App GUID']],
    ['service-instances', ['Service Name']],
    ['service-bindings', ['App GUID', 'Service GUID']],
  ])('%s begins with the titles of the recipe it replaces', (name, titles) => {
    expect(
      reportNamed(name)
        .columns.slice(0, 3 + titles.length)
        .map(({ title }) => title),
    ).toEqual(['Timestamp', 'User Performing Action', 'Action Type', ...titles]);
  });

  it('finds a change of a service and no mere reading of one', () => {
    const types = typesOf(reportNamed('service-changes'));

    expect(types.filter((type) => type.endsWith('.show'))).toEqual([]);
    expect(types).toContain('audit.service_key.create');
    expect(types).toContain('audit.service_route_binding.delete');
  });

  it('has every reading of a secret in secrets-read', () => {
    expect(typesOf(reportNamed('secrets-read')).sort()).toEqual(
      EVENT_TYPES.map(({ type }) => type)
        .filter((type) => type.endsWith('.show'))
        .sort(),
    );
  });

  it('has every type without organization but blobs in admin-changes', () => {
    const types = typesOf(reportNamed('admin-changes'));
    const global = EVENT_TYPES.filter(({ scope }) => scope === 'none').map(({ type }) => type);

    expect(global.filter((type) => !types.includes(type))).toEqual(['blob.remove_orphan']);
  });
});

describe('reportRows', () => {
  it.each<[name: string, row: Partial<EventRow>, line: Record<string, string | null>]>([
    [
      'user-access-changes',
      {
        type: 'audit.user.organization_billing_manager_remove',
        target_name: '',
        target_guid: 'user-2',
        space_guid: null,
        space_name: null,
      },
      {
        Timestamp: '2026-03-10T08:00:00Z',
        'User Performing Action': 'ann@example.org',
        'Action Type': 'audit.user.organization_billing_manager_remove',
        User: 'user-2',
        Role: 'organization billing manager',
        Space: null,
        Organization: 'shop',
      },
    ],
    [
      'route-changes',
      { type: 'audit.app.map-route', data: '{"route_guid":"route-1","weight":null}' },
      { Route: 'route-1', 'App GUID': 'app-1', App: 'checkout', 'Route GUID': 'route-1' },
    ],
    [
      'route-changes',
      {
        type: 'audit.route.update',
        target_type: 'route',
        target_name: 'www',
        target_guid: 'route-1',
        data: '{"request":{"app":"app-2"}}',
      },
      { Route: 'www', 'App GUID': 'app-2', App: null, 'Route GUID': 'route-1' },
    ],
    [
      'route-changes',
      {
        type: 'audit.route_policy.create',
        target_type: 'route_policy',
        target_guid: 'policy-1',
        data: '{"request":{"source":"cf:app:x","route_guid":"route-2"}}',
      },
      { Route: 'route-2', 'App GUID': null, 'Route GUID': 'route-2' },
    ],
    [
      'service-instances',
      { type: 'audit.service_instance.create', target_type: 'service_instance', target_name: 'db' },
      { 'Service Name': 'db', Kind: 'managed' },
    ],
    [
      'service-bindings',
      {
        type: 'audit.service_binding.create',
        data: '{"request":{"relationships":{"service_instance":{"data":{"guid":"si-1"}},"app":{"data":{"guid":"app-3"}}}}}',
      },
      { 'App GUID': 'app-3', 'Service GUID': 'si-1', 'Route GUID': null },
    ],
    [
      'service-bindings',
      {
        type: 'audit.service_binding.create',
        data: '{"request":{"app_guid":"app-4","service_instance_guid":"si-2"}}',
      },
      { 'App GUID': 'app-4', 'Service GUID': 'si-2' },
    ],
    [
      'service-bindings',
      {
        type: 'audit.service_instance.bind_route',
        target_type: 'service_instance',
        target_guid: 'si-3',
        data: '{"request":{"route_guid":"route-3"}}',
      },
      { 'App GUID': null, 'Service GUID': 'si-3', 'Route GUID': 'route-3' },
    ],
    [
      'all-events',
      { type: 'audit.app.delete-request' },
      { Target: 'checkout', Description: 'ann@example.org deleted app checkout in space payments' },
    ],
    [
      'app-history',
      {
        type: 'audit.app.process.crash',
        actor_name: 'web',
        data: '{"index":0,"reason":"CRASHED","exit_status":137}',
      },
      {
        time: '2026-03-10T08:00:00.00+0000',
        event: 'audit.app.process.crash',
        actor: 'web',
        description: 'index: 0, reason: CRASHED, exit_status: 137',
        app: 'checkout',
        space: 'payments',
      },
    ],
    [
      'ssh-access',
      { type: 'audit.app.ssh-unauthorized', data: '{"index":1}' },
      { Result: 'refused', App: 'checkout', 'App GUID': 'app-1', Instance: '1' },
    ],
    [
      'secrets-read',
      { type: 'audit.app.environment.show' },
      { 'What Was Read': 'whole environment of an app', Target: 'checkout' },
    ],
    [
      'crashes',
      {
        type: 'audit.app.process.crash',
        actor_name: 'web',
        data: '{"instance":"i-1","index":2,"cell_id":"c-1","reason":"CRASHED","exit_description":"gone","crash_count":3}',
      },
      {
        App: 'checkout',
        Process: 'web',
        Instance: '2',
        Reason: 'CRASHED',
        'Exit Status': '0',
        'Exit Description': 'gone',
        'Crash Count': '3',
        Cell: 'c-1',
      },
    ],
    [
      'admin-changes',
      {
        type: 'audit.buildpack.delete',
        target_type: 'buildpack',
        target_name: 'ruby_buildpack',
        space_guid: null,
        space_name: null,
        organization_guid: null,
        organization_name: null,
      },
      { Target: 'ruby_buildpack', Description: 'ann@example.org deleted buildpack ruby_buildpack' },
    ],
  ])('shows %s', async (name, row, line) => {
    expect(await linesOf(name, row)).toEqual([expect.objectContaining(line)]);
  });

  it('shows a user by name, user name or GUID, whichever there is', async () => {
    const who = async (over: Partial<EventRow>) =>
      (await linesOf('all-events', over))[0]?.['User Performing Action'];

    expect(await who({ actor_name: 'ann', actor_username: 'a' })).toBe('ann');
    expect(await who({ actor_name: '', actor_username: 'a' })).toBe('a');
    expect(await who({ actor_name: '', actor_username: null })).toBe('user-1');
    expect(await who({ actor_name: null, actor_guid: null })).toBeNull();
  });

  it('leaves out rows that the report does not keep', async () => {
    const report: Report = {
      ...reportNamed('all-events'),
      columns: [{ title: 'Event', value: ({ guid }) => guid }],
      keep: ({ guid }) => guid !== 'event-2',
    };
    const rows = batchesOf([aRow(), aRow({ guid: 'event-2' })], [aRow({ guid: 'event-3' })]);
    const lines = [];
    for await (const batch of reportRows(report, rows, { timeZone: 'UTC' })) lines.push(...batch);

    expect(lines).toEqual([['event-1'], ['event-3']]);
  });
});

describe('cfEventsTime', () => {
  it.each<[instant: string, zone: string, text: string]>([
    ['2026-03-10T08:00:00Z', 'UTC', '2026-03-10T08:00:00.00+0000'],
    ['2026-03-28T23:30:05Z', 'Europe/Berlin', '2026-03-29T00:30:05.00+0100'],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00:00.00+0200'],
    ['2026-01-01T00:00:00Z', 'Asia/Kolkata', '2026-01-01T05:30:00.00+0530'],
    ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31T23:59:59.00-0500'],
  ])('shows %s in %s as %s', (instant, zone, text) => {
    expect(cfEventsTime(new Date(instant), zone)).toBe(text);
  });
});
