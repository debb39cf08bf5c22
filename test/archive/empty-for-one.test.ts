import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DayStep } from '../../lib/archive/day-context.ts';
import type { ObjectStore } from '../../lib/domain/object-store.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { type ArchiveRig, aDay, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const DAY = '2026-03-10';
const PART = `events/v1/foundation=eu-1/dt=${DAY}/part-0000.parquet`;

const only = anEventRecord({ created_at: micros(`${DAY}T12:00:00Z`) });

let rig: ArchiveRig;
beforeEach(async () => {
  rig = await anArchiveRig({ events: [only] });
});
afterEach(() => rig.close());

const task = { day: aDay(DAY) };

/** The archive as one sees it who is overtaken just before the first creation of a key. */
function overtaken(pattern: RegExp, byWhom: () => Promise<unknown>): ObjectStore {
  let met = false;
  const { store } = rig;
  return {
    url: store.url,
    check: () => store.check(),
    list: (prefix) => store.list(prefix),
    get: (key) => store.get(key),
    localCopy: (key, directory) => store.localCopy(key, directory),
    async create(key, body) {
      if (!met && pattern.test(key)) {
        met = true;
        await byWhom();
      }
      return store.create(key, body);
    },
  };
}

/** Another run, for which the day is empty. */
async function runAfterDeletion(): Promise<void> {
  rig.sample.database.deleteEvent(only.guid);
  await rig.run({}, task);
}

function dieWhenPartIsStored(_day: string, step: DayStep): void {
  if (step === 'part-stored') throw new Error('killed');
}

const adoption = [
  { revision: 0, status: 'empty', part: null, cumulative: { events: 0 } },
  { revision: 1, status: 'adopted', part: { key: PART, rows: 1 }, cumulative: { events: 1 } },
];

describe('a day that is empty for one of two runs', () => {
  it('is described in full when the empty one stores its manifest first', async () => {
    const store = overtaken(/part-0000/, runAfterDeletion);

    const run = await rig.run({ store }, task);

    expect(run.days).toMatchObject([{ kind: 'archived', adopted: [1], events: 1 }]);
    expect(await rig.manifests(DAY)).toMatchObject(adoption);
    expect(await rig.archivedGuids(DAY)).toEqual([only.guid]);
  });

  it.each([
    ['while the source keeps it', '2026-03-12T07:00:00Z'],
    ['when it is gone from the source', '2026-03-20T07:00:00Z'],
  ])('is described in full by the next run when the other one died, %s', async (_, now) => {
    const store = overtaken(/part-0000/, runAfterDeletion);
    const dead = rig.run({ store, onDayStep: dieWhenPartIsStored }, task);
    await expect(dead).rejects.toThrow('killed');
    expect(await rig.manifests(DAY)).toMatchObject(adoption.slice(0, 1));
    rig.sample.clock.set(new Date(now));

    await rig.run();
    const { days } = await rig.run();

    expect(days.filter(({ kind }) => kind === 'failed')).toEqual([]);
    expect(await rig.manifests(DAY)).toMatchObject(adoption);
    expect(await rig.archivedGuids(DAY)).toEqual([only.guid]);
  });

  it('is no loss when the other one stores its part before the empty one reports', async () => {
    rig.sample.clock.set(new Date('2026-03-10T18:00:00Z'));
    await rig.run();
    rig.sample.clock.set(new Date('2026-03-12T06:00:00Z'));
    const elsewhere = new FolderObjectStore(join(rig.directory, 'elsewhere'));
    await elsewhere.check();
    await rig.run({ store: elsewhere }, task);
    rig.sample.database.deleteEvent(only.guid);

    const run = await rig.run({
      async onDayStep(day, step) {
        if (day !== '2026-03-11' || step !== 'listed') return;
        await rig.store.create(PART, (await elsewhere.get(PART)) ?? new Uint8Array());
      },
    });

    expect(run.losses).toEqual([]);
    expect(await rig.manifests(DAY)).toMatchObject(adoption);
  });
});
