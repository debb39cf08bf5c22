import { afterEach, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { Loss } from '../../lib/domain/run-report.ts';
import { type ArchiveRig, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

let rig: ArchiveRig;
afterEach(() => rig.close());

const at = (instant: string) => rig.sample.clock.set(new Date(instant));

const eventsOf = (day: string, count: number, hour = '10') =>
  Array.from({ length: count }, (_, index) =>
    anEventRecord({ created_at: micros(`${day}T${hour}:00:00Z`) + index * 700_000 }),
  );

const days = (first: number, last: number, count: number) =>
  Array.from({ length: last - first + 1 }, (_, index) =>
    eventsOf(`2026-03-${String(first + index).padStart(2, '0')}`, count),
  ).flat();

describe('the report of a run', () => {
  it('tells every day in retention, closed and open, as counted and as stored', async () => {
    rig = await anArchiveRig({
      events: [...eventsOf('2026-03-10', 3), ...eventsOf('2026-03-12', 2, '01')],
    });

    await rig.run();

    const [report] = await rig.reports();
    expect(report).toMatchObject({
      format: 'cf-audit-archive/run/v1',
      foundation: 'eu-1',
      started_at: '2026-03-12T06:00:00.000Z',
      oldest_at_source: '2026-03-10T10:00:00.000Z',
      retention_days: 6,
      losses: [],
      error: null,
    });
    expect(
      report?.days.map(({ dt, result, status, at_source, archived }) => [
        dt,
        result,
        status,
        at_source,
        archived,
      ]),
    ).toEqual([
      ['2026-03-06', 'archived', 'partial', 0, 0],
      ['2026-03-07', 'archived', 'empty', 0, 0],
      ['2026-03-08', 'archived', 'empty', 0, 0],
      ['2026-03-09', 'archived', 'empty', 0, 0],
      ['2026-03-10', 'archived', 'closed', 3, 3],
      ['2026-03-11', 'archived', 'empty', 0, 0],
      ['2026-03-12', 'open', null, 2, null],
    ]);
  });

  it('says why a run could not look at anything, and keeps what was known', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-10', 3) });
    await rig.run();
    rig.sample.faults.add({ fault: { kind: 'database-lost' } });
    at('2026-03-12T07:00:00Z');

    await expect(rig.run()).rejects.toMatchObject({ code: 'CF_UNAVAILABLE' });

    const last = (await rig.reports()).at(-1);
    expect(last).toMatchObject({ error: { code: 'CF_UNAVAILABLE' } });
    expect(last?.days.find(({ dt }) => dt === '2026-03-10')).toMatchObject({
      result: 'skipped',
      last_counted: { events: 3 },
      archived: 3,
    });
  });

  it('names deleted events once, and reads the day no more while nothing else changes', async () => {
    const events = eventsOf('2026-03-10', 4);
    rig = await anArchiveRig({ events });
    await rig.run();
    rig.sample.database.deleteEvent(events[2]?.guid ?? '');
    at('2026-03-12T07:00:00Z');
    await rig.run();
    rig.sample.requests.reset();
    at('2026-03-12T08:00:00Z');

    await rig.run();

    expect(rig.sample.requests.count('per_page=5000')).toBe(0);
    for (const report of (await rig.reports()).slice(1)) {
      expect(report.days.find(({ dt }) => dt === '2026-03-10')).toMatchObject({
        at_source: 3,
        archived: 4,
        deleted_at_source: 1,
        deleted_guids: [events[2]?.guid],
      });
      expect(report.losses).toEqual([]);
    }
  });

  it('finds a swap behind equal counts when the day is about to leave retention', async () => {
    const events = eventsOf('2026-03-10', 4);
    rig = await anArchiveRig({ events });
    await rig.run();
    rig.sample.database.deleteEvent(events[0]?.guid ?? '');
    rig.sample.database.insertEvents([
      anEventRecord({ guid: 'late', created_at: micros('2026-03-10T11:00:00Z') }),
    ]);
    at('2026-03-13T06:00:00Z');
    await rig.run();
    expect(await rig.archivedGuids('2026-03-10')).not.toContain('late');
    at('2026-03-15T06:00:00Z');

    await rig.run();

    expect(await rig.archivedGuids('2026-03-10')).toContain('late');
    expect((await rig.reports()).at(-1)?.days.find(({ dt }) => dt === '2026-03-10')).toMatchObject({
      result: 'archived',
      status: 'supplement',
      final_check: true,
      archived: 5,
      deleted_guids: [events[0]?.guid],
    });
  });
});

describe('a loss', () => {
  it('is never found by a first run, nor on quiet days', async () => {
    rig = await anArchiveRig({ events: days(1, 2, 5) });
    const first = await rig.run();
    at('2026-03-13T06:00:00Z');

    const second = await rig.run();

    expect([...first.losses, ...second.losses]).toEqual([]);
  });

  it('is what a truncation took of the open days, and not what the archive holds', async () => {
    rig = await anArchiveRig({ events: [...days(8, 11, 5), ...eventsOf('2026-03-12', 7, '01')] });
    await rig.run();
    rig.sample.database.truncateEvents();
    at('2026-03-12T12:00:00Z');

    const run = await rig.run();

    expect(run.losses).toEqual([
      {
        kind: 'vanished',
        dt: '2026-03-12',
        from: '2026-03-12T00:00:00.000Z',
        to: '2026-03-13T00:00:00.000Z',
        events: 7,
        last_seen_at: '2026-03-12T06:00:00.000Z',
      },
    ]);
    const report = (await rig.reports()).at(-1);
    expect(report?.days.find(({ dt }) => dt === '2026-03-10')).toMatchObject({
      deleted_at_source: 5,
    });
    expect(await rig.archivedGuids('2026-03-10')).toHaveLength(5);
  });

  it('is reported by the run that finds it, and by no later one', async () => {
    rig = await anArchiveRig({ events: eventsOf('2026-03-12', 7, '01') });
    await rig.run();
    rig.sample.database.truncateEvents();
    at('2026-03-12T12:00:00Z');
    await rig.run();
    at('2026-03-13T06:00:00Z');

    const run = await rig.run();

    expect(run.losses).toEqual([]);
  });

  it('is every day that left retention while nobody ran', async () => {
    rig = await anArchiveRig({ events: days(5, 25, 2) });
    await rig.run();
    at('2026-03-22T06:00:00Z');

    const run = await rig.run();

    expect(
      run.losses.map(({ kind, dt, from, to, events }) => [
        kind,
        dt,
        from.slice(5, 16),
        to.slice(5, 16),
        events,
      ]),
    ).toEqual([
      // Counted at 06:00 when it was open: what came after is unknown.
      ['left_unread', '2026-03-12', '03-12T00:00', '03-13T00:00', null],
      ['left_unread', '2026-03-13', '03-13T00:00', '03-14T00:00', null],
      ['left_unread', '2026-03-14', '03-14T00:00', '03-15T00:00', null],
      ['left_unread', '2026-03-15', '03-15T00:00', '03-16T00:00', null],
      // Now less six days: the rest of this day is certainly still there, and stored.
      ['left_unread', '2026-03-16', '03-16T00:00', '03-16T06:00', null],
    ]);
  });

  it('is what a lowered cutoff took before the day was stored, told when the day fails again: until then another run may be storing it', async () => {
    rig = await anArchiveRig({ events: days(8, 12, 3) });
    rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-11T.*lt.*per_page=5000/.test(decodeURIComponent(query)),
      fault: { kind: 'unknown-error' },
    });
    const first = await rig.run();
    rig.sample.cleanup.retentionDays = 1;
    at('2026-03-13T06:00:00Z');
    const second = await rig.run();
    at('2026-03-13T12:00:00Z');

    const third = await rig.run();
    const fourth = await rig.run();

    expect(first.days.find(({ day }) => day === '2026-03-11')).toMatchObject({ kind: 'failed' });
    expect(second.losses).toEqual([]);
    expect(third.losses).toMatchObject([{ kind: 'vanished', dt: '2026-03-11', events: 3 }]);
    expect(fourth.losses).toEqual([]);
  });

  it('is what vanished while a day failed, told as soon as the day can be read', async () => {
    rig = await anArchiveRig({ events: days(8, 12, 3) });
    const failing = rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-11T.*lt.*per_page=5000/.test(decodeURIComponent(query)),
      fault: { kind: 'unknown-error' },
    });
    await rig.run();
    rig.sample.cleanup.retentionDays = 1;
    at('2026-03-13T06:00:00Z');
    await rig.run();
    failing();
    at('2026-03-13T12:00:00Z');

    const run = await rig.run();

    expect(run.losses).toMatchObject([{ kind: 'vanished', dt: '2026-03-11', events: 3 }]);
  });

  it('is not what another run stored, even where a late event makes up for what the source deleted since that was read', async () => {
    const seen = eventsOf('2026-03-12', 9, '01');
    rig = await anArchiveRig({ events: [...days(8, 11, 3), ...seen] });
    await rig.run();
    const [lost, alsoLost, stored] = seen.map(({ guid }) => guid);
    for (const guid of [lost, alsoLost]) rig.sample.database.deleteEvent(guid ?? '');
    at('2026-03-13T06:00:00Z');
    await rig.run({
      worthKeepingMs: 0,
      onDayStep: (day, step) => {
        if (day !== '2026-03-12' || step !== 'part-stored') return;
        throw new ArchiveError('DEADLINE_REACHED', 'no time left');
      },
    });
    rig.sample.database.deleteEvent(stored ?? '');
    rig.sample.database.insertEvents(eventsOf('2026-03-12', 1, '20'));
    at('2026-03-13T12:00:00Z');

    const run = await rig.run();

    expect(await rig.archivedGuids('2026-03-12')).toContain(stored);
    expect(run.losses).toMatchObject([{ kind: 'vanished', dt: '2026-03-12', events: 2 }]);
  });

  it('is not what is shown at another time than it is filtered by', async () => {
    const shown = { timestamp: micros('2026-03-11T23:59:59Z') };
    const odd = anEventRecord({ created_at: micros('2026-03-12T01:30:00Z'), ...shown });
    rig = await anArchiveRig({
      events: [...days(8, 11, 3), ...eventsOf('2026-03-12', 2, '01'), odd],
    });
    await rig.run();
    at('2026-03-13T06:00:00Z');

    const run = await rig.run();

    expect(await rig.archivedGuids('2026-03-12')).toContain(odd.guid);
    expect(run.losses).toEqual([]);
  });

  it('is not the beginning of a new archive that had no time for its oldest day', async () => {
    rig = await anArchiveRig({ events: [...eventsOf('2026-03-06', 3, '09'), ...days(10, 11, 3)] });
    await rig.run({
      onDayStep: (day, step) => {
        if (day !== '2026-03-06' || step !== 'part-written') return;
        throw new ArchiveError('DEADLINE_REACHED', 'no time left');
      },
    });
    at('2026-03-12T06:30:00Z');

    const run = await rig.run();

    expect(run.losses).toEqual([]);
    expect(await rig.archivedGuids('2026-03-06')).toHaveLength(3);
  });

  it('is not the oldest day of a young foundation that failed at first', async () => {
    rig = await anArchiveRig({ events: days(10, 11, 3) });
    const failing = rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-06T/.test(decodeURIComponent(query)),
      fault: { kind: 'unknown-error' },
    });
    await rig.run();
    failing();
    at('2026-03-12T07:00:00Z');

    expect((await rig.run()).losses).toEqual([]);
  });

  it('is all that was counted of a day for which the time was over', async () => {
    rig = await anArchiveRig({ events: [...days(8, 11, 3), ...eventsOf('2026-03-12', 3, '01')] });
    await rig.run();
    rig.sample.database.insertEvents(eventsOf('2026-03-12', 7, '20'));
    at('2026-03-13T06:00:00Z');
    await rig.run({
      onDayStep: (day, step) => {
        if (day !== '2026-03-12' || step !== 'source-read') return;
        throw new ArchiveError('DEADLINE_REACHED', 'no time left');
      },
    });
    rig.sample.database.truncateEvents();
    at('2026-03-13T07:00:00Z');

    const run = await rig.run();

    expect(run.losses).toMatchObject([{ kind: 'vanished', dt: '2026-03-12', events: 10 }]);
  });

  it('is told once, also by a run that could not count a failed day anew', async () => {
    rig = await anArchiveRig({ events: [...days(8, 11, 3), ...eventsOf('2026-03-12', 7, '01')] });
    await rig.run();
    rig.sample.database.truncateEvents();
    at('2026-03-13T06:00:00Z');
    const failing = rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-12T.*lt.*2026-03-13T/.test(decodeURIComponent(query)),
      fault: { kind: 'unknown-error' },
    });
    const told = [...(await rig.run()).losses];
    at('2026-03-13T08:00:00Z');
    told.push(...(await rig.run()).losses);
    failing();
    at('2026-03-13T10:00:00Z');
    told.push(...(await rig.run()).losses);

    expect(told).toMatchObject([{ dt: '2026-03-12', events: 7 }]);
  });

  it('is told, too, by a run that ends early', async () => {
    rig = await anArchiveRig({ events: [...days(8, 11, 3), ...eventsOf('2026-03-12', 7, '01')] });
    await rig.run();
    rig.sample.database.truncateEvents();
    at('2026-03-12T12:00:00Z');
    rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-10T/.test(decodeURIComponent(query)),
      fault: { kind: 'replaced', status: 403, body: '{}' },
    });
    const told: Loss[] = [];

    await expect(rig.run({ onLoss: (loss) => told.push(loss) })).rejects.toMatchObject({
      code: 'CF_SCOPE_MISSING',
    });

    expect(told).toMatchObject([{ kind: 'vanished', dt: '2026-03-12', events: 7 }]);
    expect((await rig.reports()).at(-1)?.losses).toEqual(told);
  });

  it('is not what a run stored before it ended early', async () => {
    rig = await anArchiveRig({ events: days(6, 11, 3) });
    const full = rig.sample.faults.add({
      on: ({ query }) => /gte.*2026-03-10T.*lt.*per_page=5000/.test(decodeURIComponent(query)),
      fault: { kind: 'replaced', status: 403, body: '{}' },
    });
    await expect(rig.run()).rejects.toMatchObject({ code: 'CF_SCOPE_MISSING' });
    full();
    at('2026-03-15T06:00:00Z');

    const run = await rig.run();

    expect((await rig.reports())[0]?.days.find(({ dt }) => dt === '2026-03-08')).toMatchObject({
      result: 'archived',
      archived: 3,
    });
    expect(run.losses).toEqual([]);
  });
});
