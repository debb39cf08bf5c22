import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cron } from 'croner';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { blockOf, type SelfHost, startSelfHost } from '../support/self-hosting.ts';

/** The steps in the order of the document: each goes on where the one before ended. */
describe('docs/self-hosting.md', () => {
  let host: SelfHost;

  beforeAll(async () => {
    host = await startSelfHost();
  }, 60_000);
  afterAll(() => host?.stop());

  const works = async (heading: string): Promise<void> => {
    const steps = await host.runSection(heading);
    expect(steps.length).toBeGreaterThan(0);
    for (const { printed, written } of steps) expect(printed).toBe(written ?? '');
  };

  it('puts secret and configuration down, the secret for its user alone', async () => {
    await works('The program');

    expect((await stat(join(host.home, 'client-secret'))).mode & 0o777).toBe(0o600);
  });

  it('stores, signs and is healthy', async () => {
    await works('The first run');

    expect(await readFile(join(host.home, 'first-run.txt'), 'utf8')).toContain('eu-1');
  }, 180_000);

  describe('with cron', () => {
    const lines = blockOf('A timer', 'crontab').trimEnd().split('\n');
    const jobs = lines
      .filter((line) => /^[\d*]/.test(line))
      .map((line) => {
        const fields = line.split(' ');
        return { when: fields.slice(0, 5).join(' '), command: fields.slice(5).join(' ') };
      });

    it('has a line for each command', () => {
      expect(jobs.map(({ command }) => /&& cf-audit-archive (\w+)/.exec(command)?.[1])).toEqual([
        'archive',
        'digest',
        'status',
      ]);
      expect(lines[0]).toBe('CRON_TZ=UTC');
    });

    it.each(jobs)(
      'runs $command, and says nothing when all is well',
      async ({ when, command }) => {
        expect(new Cron(when, { timezone: 'UTC' }).nextRun()).toBeInstanceOf(Date);
        expect(await host.run(command)).toBe('');
      },
      120_000,
    );

    it('says what is wrong when something is', async () => {
      const status = jobs.find(({ command }) => command.includes('status'))?.command ?? '';

      expect(await host.run(status, { NOW: '2026-11-25T09:00:00Z' })).toMatch(
        /NOT HEALTHY.*OVERDUE: run digest.*missing days: 2026-11-20/s,
      );
    });

    it('archives soon after a day has closed, whatever the day', () => {
      const archive = new Cron(jobs[0]?.when ?? '', { timezone: 'UTC' });

      expect(archive.nextRun(new Date('2026-11-20T04:00:00Z'))?.toISOString()).toBe(
        '2026-11-20T04:15:00.000Z',
      );
    });
  });

  describe('with systemd', () => {
    const unit = blockOf('A timer', 'ini');

    it.each(['archive', 'digest', 'status'])(
      'runs the unit as %s',
      async (command) => {
        const [, start = ''] = /^ExecStart=(.+)$/m.exec(unit) ?? [];
        const [, directory = ''] = /^WorkingDirectory=(.+)$/m.exec(unit) ?? [];

        const printed = await host.run(
          `cd ${directory} && ${start.replaceAll('%i', command)} 2>&1`,
        );

        expect(printed).toContain('eu-1');
      },
      120_000,
    );
  });

  it('answers on the command line, and in DuckDB with what ddl prints', async () => {
    await works('Ask');

    const instance = await openDuckDB({
      tempDirectory: join(host.home, 'spill'),
      memoryLimit: '1GB',
    });
    const connection = await instance.connect();
    try {
      expect(await failures(connection, 'views.sql')).toEqual([
        expect.stringMatching(/No files found.*queries\/v1\/days/),
      ]);
      const reader = await connection.runAndReadAll(blockOf('Ask', 'sql'));
      expect(reader.getRowsJson()).toEqual([['2026-11-06 14:23:07', 'dana.whitfield@example.org']]);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }, 60_000);

  /** Like DuckDB's own program: a statement that fails does not keep the next ones from running. */
  async function failures(connection: DuckDBConnection, file: string): Promise<string[]> {
    const sql = await readFile(join(host.home, file), 'utf8');
    const statements = await connection.extractStatements(sql);
    const failed: string[] = [];
    for (let index = 0; index < statements.count; index += 1) {
      const run = async () => (await statements.prepare(index)).run();
      await run().catch((error: Error) => failed.push(error.message));
    }
    return failed;
  }

  it('proves a copy with the public key alone', async () => {
    await works('A copy that proves itself');
  }, 60_000);
});
