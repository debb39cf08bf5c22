import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DayStep } from '../../lib/archive/day-context.ts';
import type { EventRecord } from '../../lib/sample-foundation/records.ts';
import { type ArchiveRig, aDay, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const DAY = '2026-03-10';

const onTime = Array.from({ length: 40 }, (_, index) =>
  anEventRecord({ created_at: micros(`${DAY}T12:00:00Z`) + index * 1_500_000 }),
);
/** Visible hours after the day was first stored. */
const late: EventRecord[] = Array.from({ length: 3 }, () =>
  anEventRecord({
    created_at: micros(`${DAY}T23:50:00Z`),
    committed_at: micros('2026-03-12T08:00:00Z'),
  }),
);

let rig: ArchiveRig;
beforeEach(async () => {
  rig = await anArchiveRig({ events: [...onTime, ...late] });
});
afterEach(() => rig.close());

/** Run an archiver in a process of its own and see it die at the step. */
async function dieAt(step: DayStep): Promise<void> {
  const argument = {
    api: rig.sample.apiUrl,
    archive: join(rig.directory, 'archive'),
    work: join(rig.directory, 'work'),
    now: rig.sample.clock.now(),
    day: DAY,
    step,
  };
  const child = spawn(
    process.execPath,
    ['test/support/archive/dying-archiver.ts', JSON.stringify(argument)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

async function expectEachEventOnce(): Promise<void> {
  expect(await rig.archivedGuids(DAY)).toEqual(rig.sourceGuids(DAY));
  const manifests = await rig.manifests(DAY);
  const parts = await rig.keys('events/');
  expect(manifests.flatMap(({ part }) => (part ? [part.key] : []))).toEqual(
    expect.arrayContaining(parts.filter((key) => key.includes(DAY))),
  );
  expect(manifests.at(-1)?.cumulative.events).toBe(rig.sourceGuids(DAY).length);
}

describe('archiveDay, killed and run again', () => {
  it.each<DayStep>(['listed', 'source-read', 'part-written', 'part-stored', 'manifest-stored'])(
    'holds each event of the source once after dying at "%s" of the first revision',
    async (step) => {
      await dieAt(step);

      await rig.run({}, { day: aDay(DAY) });

      await expectEachEventOnce();
    },
  );

  it.each<DayStep>(['listed', 'source-read', 'part-written', 'part-stored', 'manifest-stored'])(
    'holds each event of the source once after dying at "%s" of a supplement',
    async (step) => {
      await rig.run({}, { day: aDay(DAY) });
      rig.sample.clock.set(new Date('2026-03-12T09:00:00Z'));
      await dieAt(step);

      await rig.run({}, { day: aDay(DAY) });

      await expectEachEventOnce();
      expect((await rig.archivedGuids(DAY)).length).toBe(onTime.length + late.length);
    },
  );

  it('adopts an orphan although it dies while adopting', async () => {
    await dieAt('part-stored');
    expect(await rig.keys('manifests/')).toEqual([]);
    await dieAt('orphan-adopted');

    const run = await rig.run({}, { day: aDay(DAY) });

    await expectEachEventOnce();
    expect(run.days).toMatchObject([{ kind: 'unchanged', events: onTime.length }]);
    expect(await rig.manifests(DAY)).toMatchObject([{ status: 'adopted', revision: 0 }]);
  });
});
