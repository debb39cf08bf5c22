import { afterEach, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { ObjectStore } from '../../lib/domain/object-store.ts';
import { ARCHIVER_CLIENT } from '../../lib/sample-foundation/sample-foundation.ts';
import { type ArchiveRig, aDay, anArchiveRig, FOUNDATION } from '../support/archive/archive-rig.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aSpaceRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';

let rig: ArchiveRig;
afterEach(() => rig.close());

const eventsOf = (day: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    anEventRecord({ created_at: micros(`${day}T10:00:00Z`) + index * 700_000 }),
  );

const resultsByDay = (run: Awaited<ReturnType<ArchiveRig['run']>>) =>
  Object.fromEntries(run.days.map((day) => [day.day, day]));

describe('archiveFoundation', () => {
  it('stores every closed day of a first run, and nothing of an open one', async () => {
    rig = await anArchiveRig({
      now: new Date('2026-03-12T03:59:59Z'),
      events: [
        ...eventsOf('2026-03-09', 3),
        ...eventsOf('2026-03-10', 2),
        ...eventsOf('2026-03-11', 1),
      ],
    });

    const run = await rig.run();

    expect(run.days.at(-1)?.day).toBe('2026-03-10');
    expect(resultsByDay(run)['2026-03-09']).toMatchObject({ status: 'closed', events: 3 });
    expect(await rig.archivedGuids('2026-03-10')).toEqual(rig.sourceGuids('2026-03-10'));
    expect(await rig.keys('events/v1/foundation=eu-1/dt=2026-03-11')).toEqual([]);
  });

  it('closes a day exactly when it has settled', async () => {
    rig = await anArchiveRig({
      now: new Date('2026-03-12T04:00:00Z'),
      events: eventsOf('2026-03-11', 1),
    });

    const run = await rig.run();

    expect(run.days.at(-1)).toMatchObject({ day: '2026-03-11', status: 'closed' });
  });

  it('gives an empty day a manifest and no part', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-09', 1) });

    await rig.run({}, { day: aDay('2026-03-10') });

    expect(await rig.keys('events/')).toEqual([]);
    expect(await rig.manifests('2026-03-10')).toMatchObject([
      {
        status: 'empty',
        events: 0,
        part: null,
        // SHA-256 of nothing.
        cumulative: {
          guid_digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
      },
    ]);
  });

  it('stores the rest of a day that began before retention as partial', async () => {
    rig = await anArchiveRig({
      now: new Date('2026-03-11T06:00:00Z'),
      events: [...eventsOf('2026-03-05', 5), ...eventsOf('2026-03-06', 2)],
    });
    // 20:00 passes: what is older than retention goes.
    rig.sample.clock.set(new Date('2026-03-12T06:00:00Z'));

    const run = await rig.run();

    expect(run.days[0]).toMatchObject({ day: '2026-03-06', status: 'partial', events: 2 });
    expect(run.days[1]).toMatchObject({ day: '2026-03-07', status: 'empty' });
  });

  it('writes nothing but its report when it runs again and nothing changed', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 3) });
    await rig.run();
    const before = await rig.keys();

    const run = await rig.run();

    const written = (await rig.keys()).filter((key) => !before.includes(key));
    expect(written).toEqual([expect.stringMatching(/^runs\/v1\/foundation=eu-1\/dt=2026-03-12\//)]);
    expect(run.days.every(({ kind }) => kind === 'unchanged')).toBe(true);
  });

  it('stores what became visible later as a supplement, each event in one part', async () => {
    const late = anEventRecord({
      created_at: micros('2026-03-10T23:59:00Z'),
      committed_at: micros('2026-03-12T07:00:00Z'),
    });
    rig = await anArchiveRig({ events: [...eventsOf('2026-03-10', 3), late] });
    await rig.run();
    rig.sample.clock.set(new Date('2026-03-12T07:30:00Z'));

    const run = await rig.run();

    expect(resultsByDay(run)['2026-03-10']).toMatchObject({
      status: 'supplement',
      added: 1,
      events: 4,
    });
    expect(await rig.manifests('2026-03-10')).toMatchObject([
      { status: 'closed', revision: 0, events: 3 },
      { status: 'supplement', revision: 1, events: 1, cumulative: { events: 4 } },
    ]);
    expect(await rig.archivedGuids('2026-03-10')).toEqual(rig.sourceGuids('2026-03-10'));
  });

  it('keeps what the source deleted, and says so', async () => {
    const events = eventsOf('2026-03-10', 4);
    rig = await anArchiveRig({ events });
    await rig.run();
    rig.sample.database.deleteEvent(events[1]?.guid ?? '');

    const run = await rig.run();

    expect(resultsByDay(run)['2026-03-10']).toMatchObject({
      kind: 'unchanged',
      deletedAtSource: 1,
      deletedGuids: [events[1]?.guid],
    });
    expect(await rig.archivedGuids('2026-03-10')).toHaveLength(4);
  });

  it('puts the names of organizations and spaces beside their GUIDs, and null for those that are gone', async () => {
    rig = await anArchiveRig({
      records: theRecords({
        clients: [ARCHIVER_CLIENT],
        organizations: [anOrganizationRecord('org-1', { name: 'shop' })],
        spaces: [aSpaceRecord('space-1', 'org-1', { name: 'payments' })],
        events: [
          anEventRecord({
            space_guid: 'space-1',
            organization_guid: 'org-1',
            created_at: micros('2026-03-10T01:00:00Z'),
          }),
          anEventRecord({
            space_guid: 'gone',
            organization_guid: 'org-1',
            created_at: micros('2026-03-10T02:00:00Z'),
          }),
        ],
      }),
    });

    const { days } = await rig.run({}, { day: aDay('2026-03-10') });

    expect(days).toMatchObject([{ status: 'closed', events: 2 }]);
    expect(await rig.archivedColumns('2026-03-10', ['organization_name', 'space_name'])).toEqual([
      { organization_name: 'shop', space_name: null },
      { organization_name: 'shop', space_name: 'payments' },
    ]);
  });

  it('does not fail a day for names that cannot be looked up', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 1) });
    rig.sample.faults.add({ on: '/v3/spaces', fault: { kind: 'unknown-error' } });
    rig.sample.faults.add({ on: '/v3/organizations', fault: { kind: 'unknown-route' } });

    const { days } = await rig.run({}, { day: aDay('2026-03-10') });

    expect(days).toMatchObject([{ status: 'closed', events: 1 }]);
  });

  it('fails only the day whose page cannot be read, says which and why, and completes it on the next run', async () => {
    rig = await anArchiveRig({
      events: [...eventsOf('2026-03-09', 2), ...eventsOf('2026-03-10', 2)],
    });
    const mend = rig.sample.faults.add({
      on: 'created_ats[gte]=2026-03-09',
      fault: { kind: 'truncated-body' },
    });

    const failing = resultsByDay(await rig.run());
    mend();
    const again = resultsByDay(await rig.run());

    expect(failing['2026-03-09']).toMatchObject({
      kind: 'failed',
      code: 'PAGE_UNREADABLE',
      message: expect.stringContaining('page 1 of [2026-03-09T00:00:00Z, 2026-03-10T00:00:00Z)'),
    });
    expect(failing['2026-03-10']).toMatchObject({ status: 'closed' });
    expect(again['2026-03-09']).toMatchObject({ status: 'closed', events: 2 });
  });

  it('walks a day again that moves while it is read', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 3) });
    let moves = 2;
    rig.sample.hooks.betweenCountAndRows = () => {
      if (moves === 0) return;
      moves -= 1;
      rig.sample.database.insertEvents(eventsOf('2026-03-10', 1));
    };

    await rig.run({}, { day: aDay('2026-03-10') });

    expect(await rig.archivedGuids('2026-03-10')).toEqual(rig.sourceGuids('2026-03-10'));
    expect(await rig.manifests('2026-03-10')).toHaveLength(1);
  });

  it('leaves the remaining days to the next run when its time is over', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 3) });
    rig.sample.faults.add({
      on: 'created_ats[gte]=2026-03-09',
      fault: { kind: 'replaced', status: 429, headers: { 'retry-after': '3600' }, body: '{}' },
    });

    const run = await rig.run({ source: rig.source({ remainingMs: () => 60_000 }) });

    expect(resultsByDay(run)['2026-03-08']).toMatchObject({ kind: 'archived' });
    expect(resultsByDay(run)['2026-03-09']).toMatchObject({ kind: 'postponed' });
    expect(resultsByDay(run)['2026-03-10']).toMatchObject({ kind: 'postponed' });
  });

  it('refuses to run with a token that would see only a part of the events', async () => {
    rig = await anArchiveRig({
      records: theRecords({
        clients: [{ ...ARCHIVER_CLIENT, authorities: ['cloud_controller.read'] }],
      }),
    });

    await expect(rig.run()).rejects.toMatchObject({ code: 'CF_SCOPE_MISSING' });
    expect(rig.sample.requests.count('/v3/audit_events')).toBe(0);
  });

  it('ends at once when the archive is full, with nothing half-written', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 3) });
    const full: ObjectStore = {
      url: rig.store.url,
      check: () => rig.store.check(),
      list: (prefix) => rig.store.list(prefix),
      get: (key) => rig.store.get(key),
      localCopy: (key, directory) => rig.store.localCopy(key, directory),
      create: async () => {
        throw new ArchiveError('STORE_FULL', 'full');
      },
    };

    await expect(rig.run({ store: full })).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await rig.keys()).toEqual([]);
  });

  it('lets two archivers work at once, each event stored once', async () => {
    const days = ['2026-03-08', '2026-03-09', '2026-03-10'];
    rig = await anArchiveRig({ events: days.flatMap((day) => eventsOf(day, 20)) });

    await Promise.all([rig.run(), rig.run(), rig.run()]);

    for (const day of days) {
      expect(await rig.archivedGuids(day)).toEqual(rig.sourceGuids(day));
      expect((await rig.manifests(day)).at(-1)?.cumulative.events).toBe(20);
    }
  });

  it.each([
    ['2026-03-12', 'is not closed before 2026-03-13T04:00:00Z'],
    ['2026-01-01', 'no longer keeps the day'],
  ])('refuses --day %s with a reason', async (day, reason) => {
    rig = await anArchiveRig();

    await expect(rig.run({}, { day: aDay(day) })).rejects.toThrow(reason);
  });

  it('describes in the manifest how the day was read', async () => {
    rig = await anArchiveRig({
      events: [
        ...eventsOf('2026-03-10', 2),
        anEventRecord({ type: 'app.crash', created_at: micros('2026-03-10T20:00:00.5Z') }),
      ],
    });

    await rig.run({}, { day: aDay('2026-03-10') });

    expect(await rig.manifests('2026-03-10')).toMatchObject([
      {
        format: 'cf-audit-archive/manifest/v1',
        foundation: FOUNDATION,
        api: rig.sample.apiUrl,
        dt: '2026-03-10',
        revision: 0,
        window: { from: '2026-03-10T00:00:00.000Z', to: '2026-03-11T00:00:00.000Z' },
        requests: [{ page: 1, total_results: 3, rows_kept: 3 }],
        events: 3,
        events_by_type: { 'app.crash': 1, 'audit.app.start': 2 },
        misplaced: 0,
        unrepresentable: 0,
        part: {
          key: 'events/v1/foundation=eu-1/dt=2026-03-10/part-0000.parquet',
          rows: 3,
          min_created_at: '2026-03-10T10:00:00.000Z',
          max_created_at: '2026-03-10T20:00:00.000Z',
        },
        settle_seconds: 14_400,
        tool: 'test/1',
      },
    ]);
  });
});
