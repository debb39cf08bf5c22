import { afterEach, describe, expect, it } from '@jest/globals';
import type { AuditEventSource } from '../../lib/archive/ports.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { type ArchiveRig, aDay, anArchiveRig } from '../support/archive/archive-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const DAY = '2026-03-10';

let rig: ArchiveRig;
afterEach(() => rig.close());

/** A day of four pages. */
const events = Array.from({ length: 16_000 }, (_, index) =>
  anEventRecord({ created_at: micros(`${DAY}T00:00:00Z`) + index * 5_000_000 }),
);

/** The sample foundation, until the run's time is over: after some pages. */
function untilDeadline(source: AuditEventSource, pages: number): AuditEventSource {
  let left = pages;
  return {
    api: source.api,
    pageSize: source.pageSize,
    check: () => source.check(),
    count: (window) => source.count(window),
    oldest: () => source.oldest(),
    organizationNames: (guids) => source.organizationNames(guids),
    spaceNames: (guids) => source.spaceNames(guids),
    spoolPage: async (request, file) => {
      left -= 1;
      if (left < 0) throw new ArchiveError('DEADLINE_REACHED', 'no time left');
      await source.spoolPage(request, file);
    },
  };
}

const runOf = (pages: number, worthKeepingMs: number) =>
  rig.run({ source: untilDeadline(rig.source(), pages), worthKeepingMs }, { day: aDay(DAY) });

const pagesRead = (): number => {
  const count = rig.sample.requests.count('per_page=5000');
  rig.sample.requests.reset();
  return count;
};

describe('archiveDay, out of time', () => {
  it('leaves nothing in the archive, and goes on where it stopped', async () => {
    rig = await anArchiveRig({ events });

    const stopped = await runOf(2, 0);
    const before = { parts: await rig.keys('events/'), manifests: await rig.keys('manifests/') };
    const readFirst = pagesRead();
    const resumed = await rig.run({}, { day: aDay(DAY) });

    expect(stopped.days).toMatchObject([{ kind: 'postponed' }]);
    expect(before).toEqual({ parts: [], manifests: [] });
    expect(readFirst).toBe(2);
    expect(pagesRead()).toBe(2);
    expect(resumed.days).toMatchObject([{ kind: 'archived', status: 'closed', events: 16_000 }]);
    expect(await rig.archivedGuids(DAY)).toEqual(rig.sourceGuids(DAY));
    const [manifest] = await rig.manifests(DAY);
    expect(manifest?.requests.reduce((sum, { rows_kept }) => sum + rows_kept, 0)).toBe(16_000);
  });

  it('goes on more than once', async () => {
    rig = await anArchiveRig({ events });

    for (let run = 0; run < 4; run += 1) await runOf(1, 0);
    const last = await rig.run({}, { day: aDay(DAY) });

    expect(last.days).toMatchObject([{ kind: 'unchanged', events: 16_000 }]);
    expect(await rig.archivedGuids(DAY)).toEqual(rig.sourceGuids(DAY));
  });

  it('reads the day anew when it changed meanwhile', async () => {
    rig = await anArchiveRig({ events });
    await runOf(2, 0);
    rig.sample.database.insertEvents([anEventRecord({ created_at: micros(`${DAY}T00:00:01Z`) })]);
    pagesRead();

    const resumed = await rig.run({}, { day: aDay(DAY) });

    expect(resumed.days).toMatchObject([{ status: 'closed', events: 16_001 }]);
    expect(pagesRead()).toBeGreaterThanOrEqual(4);
    expect(await rig.archivedGuids(DAY)).toEqual(rig.sourceGuids(DAY));
  });

  it('begins again when reading took less than is worth keeping', async () => {
    rig = await anArchiveRig({ events });
    await runOf(2, 60_000);
    pagesRead();

    await rig.run({}, { day: aDay(DAY) });

    expect(pagesRead()).toBe(4);
  });
});
