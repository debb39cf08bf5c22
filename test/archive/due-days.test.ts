import { afterEach, describe, expect, it } from '@jest/globals';
import type { Day } from '../../lib/domain/day.ts';
import { type ArchiveRig, aDay, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

let rig: ArchiveRig;
afterEach(() => rig.close());

const at = (instant: string) => rig.sample.clock.set(new Date(instant));

const eventsOf = (day: string, count: number, hour = '10') =>
  Array.from({ length: count }, (_, index) =>
    anEventRecord({ created_at: micros(`${day}T${hour}:00:00Z`) + index * 700_000 }),
  );

const events = (first: number, last: number, count: number) =>
  Array.from({ length: last - first + 1 }, (_, index) =>
    eventsOf(`2026-03-${String(first + index).padStart(2, '0')}`, count),
  ).flat();

/** No two runs begin at the same instant. */
const tick = () => rig.sample.clock.set(new Date(rig.sample.clock.now().getTime() + 1_000));

/** A run that reads no day. */
const look = () => {
  tick();
  return rig.run({ parts: undefined });
};
const read = (day: string) => {
  tick();
  return rig.run({}, { day: aDay(day) });
};
const readAll = async (days: readonly Day[]) => {
  for (const day of days) await read(day);
};
const recordOf = async (day: string) =>
  (await rig.reports()).at(-1)?.days.find(({ dt }) => dt === day);
const reads = () => rig.sample.requests.count('per_page=5000');

/** All closed days of the rig's retention at its first instant. */
const CLOSED = ['06', '07', '08', '09', '10', '11'].map((day) => `2026-03-${day}`);

describe('a run without parts', () => {
  it('reads and stores nothing, names the days that are to be read, and puts them on record as postponed', async () => {
    rig = await anArchiveRig({ events: [...events(8, 11, 3), ...eventsOf('2026-03-12', 2, '01')] });

    const run = await look();

    expect(run.due).toEqual(CLOSED);
    expect(reads()).toBe(0);
    expect(await rig.keys('events/')).toEqual([]);
    expect(await rig.keys('manifests/')).toEqual([]);
    expect(await recordOf('2026-03-10')).toMatchObject({
      result: 'postponed',
      archived: null,
      at_source: 3,
      last_counted: { events: 3 },
    });
    expect(await recordOf('2026-03-12')).toMatchObject({ result: 'open', at_source: 2 });
  });

  it('leaves each day to a run of its own, and then has nothing more to name', async () => {
    rig = await anArchiveRig({ events: events(6, 12, 3) });

    await readAll((await look()).due);
    rig.sample.requests.reset();
    const again = await look();

    expect(again.due).toEqual([]);
    expect(again.days.map(({ kind }) => kind)).toEqual(CLOSED.map(() => 'unchanged'));
    expect(reads()).toBe(0);
    for (const day of CLOSED) expect(await rig.archivedGuids(day)).toEqual(rig.sourceGuids(day));
    expect((await rig.reports()).flatMap(({ losses }) => losses)).toEqual([]);
  });

  it('does not mind days that are read twice, out of order, or by nobody', async () => {
    rig = await anArchiveRig({ events: events(6, 12, 3) });
    const { due } = await look();

    await readAll([...due, ...due].reverse().filter((day) => day !== '2026-03-08'));
    const again = await look();
    await readAll(again.due);

    expect(again.due).toEqual(['2026-03-08']);
    for (const day of CLOSED) expect(await rig.archivedGuids(day)).toEqual(rig.sourceGuids(day));
    expect((await rig.reports()).flatMap(({ losses }) => losses)).toEqual([]);
  });

  it('names a day with more events at the source, with fewer, and with a part that no manifest names', async () => {
    const all = events(8, 12, 3);
    rig = await anArchiveRig({ events: all });
    await readAll((await look()).due);
    rig.sample.database.insertEvents(eventsOf('2026-03-09', 1, '11'));
    rig.sample.database.deleteEvent(
      all.find(({ created_at }) => created_at === micros('2026-03-10T10:00:00Z'))?.guid ?? '',
    );
    const [part = ''] = await rig.keys('events/v1/foundation=eu-1/dt=2026-03-11/');
    const orphan = part.replace('part-0000', 'part-0001');
    await rig.store.create(orphan, (await rig.store.get(part)) ?? new Uint8Array());

    const { due, days } = await look();

    expect(due).toEqual(['2026-03-09', '2026-03-10', '2026-03-11']);
    expect(days.find(({ day }) => day === '2026-03-08')).toMatchObject({ kind: 'unchanged' });
    expect(await rig.keys('manifests/v1/foundation=eu-1/dt=2026-03-11/')).toHaveLength(1);
  });

  it('names a day that is about to leave retention, once', async () => {
    rig = await anArchiveRig({ events: events(6, 12, 3) });
    await readAll((await look()).due);
    at('2026-03-13T06:00:00Z');

    const first = await look();
    await readAll(first.due);
    const second = await look();

    expect(first.due).toEqual(['2026-03-09', '2026-03-12']);
    expect(second.due).toEqual([]);
    expect(await recordOf('2026-03-09')).toMatchObject({ final_check: true });
  });

  it('leaves a day that cannot be counted to the next run, and goes on with the others', async () => {
    rig = await anArchiveRig({ events: events(6, 12, 3) });
    rig.sample.faults.add({
      on: ({ query }) => /\[gte\]=2026-03-09T/.test(decodeURIComponent(query)),
      fault: { kind: 'unknown-error' },
    });

    const { due, days } = await look();

    expect(due).toEqual(CLOSED.filter((day) => day !== '2026-03-09'));
    expect(days.find(({ day }) => day === '2026-03-09')).toMatchObject({ kind: 'failed' });
  });
});

describe('a loss of days that are left to another run', () => {
  it('is what vanished between the two, told once by the run that reads the day', async () => {
    rig = await anArchiveRig({ events: events(8, 11, 5) });
    await look();
    rig.sample.database.truncateEvents();
    at('2026-03-12T07:00:00Z');

    const looked = await look();
    const told = (await read('2026-03-10')).losses;
    const later = [...(await read('2026-03-10')).losses, ...(await look()).losses];

    expect(looked.losses).toEqual([]);
    expect(told).toMatchObject([{ kind: 'vanished', dt: '2026-03-10', events: 5 }]);
    expect(later).toEqual([]);
  });

  it('is not forgotten when a day is looked at again and again before it is read', async () => {
    rig = await anArchiveRig({ events: [...events(8, 11, 5), ...eventsOf('2026-03-12', 7, '01')] });
    await look();
    rig.sample.database.truncateEvents();
    rig.sample.database.insertEvents(eventsOf('2026-03-12', 2, '20'));
    at('2026-03-13T06:00:00Z');
    const looks = [await look(), await look()];

    const { losses } = await read('2026-03-12');

    expect(looks.flatMap((run) => run.losses)).toEqual([]);
    expect(losses).toMatchObject([{ kind: 'vanished', dt: '2026-03-12', events: 7 }]);
  });

  it('is told with its number when nobody read the day before it left retention', async () => {
    rig = await anArchiveRig({ events: events(6, 12, 4) });
    await look();
    at('2026-03-16T06:00:00Z');

    const { losses } = await look();

    expect(losses.map(({ kind, dt, events: lost }) => [kind, dt, lost])).toContainEqual([
      'left_unread',
      '2026-03-08',
      4,
    ]);
  });

  it('is none when the day is read by a run that began before', async () => {
    rig = await anArchiveRig({ events: events(8, 11, 5) });
    await look();
    at('2026-03-12T06:30:00Z');
    // The report of the reading run is older than that of the run that looked meanwhile.
    const reading = rig.run(
      {
        onDayStep: async (_day, step) => {
          if (step !== 'source-read') return;
          at('2026-03-12T06:40:00Z');
          await look();
        },
      },
      { day: aDay('2026-03-10') },
    );
    await reading;
    rig.sample.database.truncateEvents();
    at('2026-03-12T07:00:00Z');

    const { losses, due } = await look();

    expect(losses).toEqual([]);
    expect(due).toContain('2026-03-10');
    expect((await read('2026-03-10')).losses).toEqual([]);
  });
});
