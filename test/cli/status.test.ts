import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

let directory: string;
let sample: SampleFoundation;
beforeEach(async () => {
  directory = await makeCliDirectory();
  sample = await startSampleFoundation({
    now: new Date('2026-03-12T06:00:00Z'),
    retentionDays: 4,
    records: theRecords({
      clients: [ARCHIVER_CLIENT],
      events: [8, 9, 10, 11, 12].flatMap((day) =>
        [1, 2, 3].map((minute) =>
          anEventRecord({
            created_at: micros(`2026-03-${String(day).padStart(2, '0')}T02:0${minute}:00Z`),
          }),
        ),
      ),
    }),
  });
  await configure(['signing: { ed25519: { file: ./key.pem } }']);
});
afterEach(async () => {
  await sample.close();
  await rm(directory, { recursive: true, force: true });
});

const configure = (more: readonly string[] = []) =>
  writeCliConfiguration(directory, sample.apiUrl, { retentionDays: 4, more });

const cli = (...args: string[]) => askCli(directory, sample.clock.now().toISOString(), args);

const at = (instant: string) => sample.clock.set(new Date(instant));

describe('status', () => {
  it('shows a healthy foundation month by month, and ends with 0', async () => {
    await cli('archive');
    await cli('digest');

    const { exitCode, stdout } = await cli('status');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^eu-1: healthy\nmonth +days +closed +partial +open +missing +lost +supplements +deleted at source +events\n2026-03 +5 +3 +1 +1 +0 +0 +0 +0 +12\nnewest event: 2026-03-11T02:03:00Z, 27 hours old\nnewest digest: 2026-03-12 [0-9a-f]{64}\n$/,
    );
  });

  it('is healthy with events of a type that every object has a member for', async () => {
    const types = ['__proto__', 'constructor'];
    const created_at = micros('2026-03-11T02:04:00Z');
    sample.database.insertEvents(types.map((type) => anEventRecord({ type, created_at })));

    const answers = [await cli('archive'), await cli('digest'), await cli('verify')];
    const status = await cli('status');
    const found = await cli('events', '--type', '__proto__', '--output', 'ndjson');

    expect([...answers, status, found].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(status.stdout).toMatch(/^eu-1: healthy\n.*\n2026-03 .* 14\n/);
    expect(JSON.parse(found.stdout)).toMatchObject({ type: '__proto__' });
  });

  it('names what a truncation on the 12th took, in the run that finds it and ever after', async () => {
    await cli('archive');
    await cli('digest');
    at('2026-03-12T12:00:00Z');
    sample.database.truncateEvents();

    const metrics = join(directory, 'metrics.ndjson');
    const found = await cli('archive', '--metrics', metrics);
    const later = await cli('status');
    at('2026-03-13T06:00:00Z');
    const quiet = await cli('archive');
    await cli('digest');
    const ever = await cli('status', '--json');

    const loss =
      'LOSS on 2026-03-12: 3 events of 2026-03-12T00:00:00Z to 2026-03-13T00:00:00Z vanished from Cloud Controller before the day could be stored';
    expect(found.exitCode).toBe(1);
    expect(found.stderr).toContain(loss);
    expect(JSON.parse(await readFile(metrics, 'utf8'))).toMatchObject({
      foundation: 'eu-1',
      Losses: 1,
      EventsLost: 3,
    });
    expect(later.exitCode).toBe(1);
    expect(later.stdout).toContain('eu-1: NOT HEALTHY');
    expect(later.stdout).toContain(loss);
    expect(quiet.exitCode).toBe(0);
    expect(ever.exitCode).toBe(1);
    expect(JSON.parse(ever.stdout)).toMatchObject({
      healthy: false,
      foundations: [
        {
          name: 'eu-1',
          newest_digest: { day: '2026-03-13' },
          losses: [{ kind: 'vanished', dt: '2026-03-12', events: 3 }],
        },
      ],
    });
    const [board] = JSON.parse(ever.stdout).foundations;
    expect(board.days.find(({ dt }: { dt: string }) => dt === '2026-03-12')).toMatchObject({
      state: 'lost',
      events: 0,
    });
    expect(board.days.find(({ dt }: { dt: string }) => dt === '2026-03-10')).toMatchObject({
      state: 'closed',
      events: 3,
      deleted_at_source: 3,
    });
  });

  it.each([
    ['whose part is gone', ['events']],
    ['of which nothing is left', ['events', 'manifests']],
  ])('calls a signed day missing %s, and so does every answer', async (_, rooms) => {
    await cli('archive');
    await cli('digest');
    for (const room of rooms) {
      const day = `archive/${room}/v1/foundation=eu-1/dt=2026-03-10`;
      await rm(join(directory, day), { recursive: true });
    }
    const range = ['--from', '2026-03-09', '--to', '2026-03-12'];
    const sentence = '1 of 3 days is missing: 2026-03-10';

    const status = await cli('status', '--json');
    const table = await cli('events', ...range);
    const json = await cli('events', ...range, '--json');
    const csv = await cli('events', ...range, '--output', 'csv');
    const report = await cli('report', 'all-events', ...range);
    const reportJson = await cli('report', 'all-events', ...range, '--json');

    expect(status.exitCode).toBe(1);
    const [board] = JSON.parse(status.stdout).foundations;
    expect(board.days.find(({ dt }: { dt: string }) => dt === '2026-03-10').state).toBe('missing');
    expect(table.stdout).toContain(sentence);
    expect(csv.stderr).toContain(sentence);
    expect(csv.stdout).not.toContain('missing');
    expect(`${report.stdout}${report.stderr}`).toContain(sentence);
    for (const { stdout } of [json, reportJson]) {
      expect(JSON.parse(stdout).coverage).toMatchObject({
        complete: false,
        message: sentence,
        days: { closed: 2, missing: 1 },
        not_closed: [{ foundation: 'eu-1', dt: '2026-03-10', state: 'missing' }],
      });
    }
  });

  it('calls a day missing of which a supplement is gone, and archive fails it until it is restored', async () => {
    await cli('archive');
    sample.database.insertEvents([
      anEventRecord({ created_at: micros('2026-03-10T09:00:00Z'), type: 'late' }),
    ]);
    await cli('archive');
    await cli('digest');
    const supplement = join(
      directory,
      'archive/events/v1/foundation=eu-1/dt=2026-03-10/part-0001.parquet',
    );
    await rename(supplement, `${directory}/kept`);

    const damaged = await cli('status', '--json');
    const failed = await cli('archive');
    await rename(`${directory}/kept`, supplement);
    const mended = await cli('archive');
    const healthy = await cli('status');

    expect(damaged.exitCode).toBe(1);
    const [board] = JSON.parse(damaged.stdout).foundations;
    expect(board.days.find(({ dt }: { dt: string }) => dt === '2026-03-10').state).toBe('missing');
    expect(failed.exitCode).toBe(1);
    expect(`${failed.stdout}${failed.stderr}`).toMatch(
      /dt=2026-03-10\/part-0001\.parquet is not there, and .*dt=2026-03-10\/r0001\.json names it: restore it/,
    );
    expect(mended.exitCode).toBe(0);
    expect(healthy.exitCode).toBe(0);
  });

  it('calls a closed day that is not stored missing, and a digest that is not made overdue', async () => {
    await cli('archive');
    at('2026-03-14T06:00:00Z');

    const { exitCode, stdout } = await cli('status');

    expect(exitCode).toBe(1);
    expect(stdout).toContain('missing days: 2026-03-12, 2026-03-13');
    expect(stdout).toContain('newest digest: none (OVERDUE: run digest)');
  });

  it('does not ask for digests that nobody configured', async () => {
    await cli('archive');
    await configure();
    at('2026-03-13T03:59:00Z');

    const { exitCode } = await cli('status');

    expect(exitCode).toBe(0);
  });
});
