import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { generateFoundation } from '../../lib/sample-foundation/generator/generate-foundation.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { aTerminal } from '../support/captured-terminal.ts';

const NOW = new Date('2026-03-12T06:00:00Z');

let directory: string;
let sample: SampleFoundation;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-trouble-'));
  sample = await startSampleFoundation({
    now: NOW,
    records: generateFoundation({
      seed: 3,
      from: new Date('2026-03-10T00:00:00Z'),
      to: NOW,
      eventsPerDay: 300,
    }),
  });
});
afterEach(async () => {
  await sample.close();
  await rm(directory, { recursive: true, force: true });
});

interface Written {
  readonly archive?: string;
  readonly name?: string;
  readonly api?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly more?: string;
}

/** Run `archive` with a configuration that is right but for what a test makes wrong. */
async function archive(written: Written, ...flags: string[]) {
  await writeFile(join(directory, 'secret'), `${ARCHIVER_CLIENT.secret}\n`);
  const file = join(directory, 'cf-audit-archive.yml');
  await writeFile(
    file,
    `archive: ${written.archive ?? 'file:./archive'}
foundations:
  - name: ${written.name ?? 'eu-1'}
    api: ${written.api ?? sample.apiUrl}
    client_id: ${written.id ?? ARCHIVER_CLIENT.id}
    client_secret: ${written.secret ?? '{ file: ./secret }'}
    retention_days: 4
${written.more ?? ''}`,
  );
  const terminal = aTerminal();
  const args = ['archive', '--config', file, '--now', NOW.toISOString(), ...flags];
  const exitCode = await run(args, terminal);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

const stored = (): Promise<string[]> =>
  readdir(join(directory, 'archive'), { recursive: true }).catch(() => []);

const isRoot = process.getuid?.() === 0;

describe('archive, when something is wrong', () => {
  it.each<[what: string, written: Written, exitCode: number, line: RegExp]>([
    ['an unknown key', { more: '    retention: 3' }, 2, /retention: unknown key/],
    ['a bad foundation name', { name: 'EU_1' }, 2, /foundations\[0\]\.name: use 1 to 32 of a-z/],
    [
      'a secret whose variable is not set',
      { secret: '{ env: CF_AUDIT_ARCHIVE_NO_SUCH_VARIABLE }' },
      2,
      /client_secret: environment variable CF_AUDIT_ARCHIVE_NO_SUCH_VARIABLE is not set; set it/,
    ],
    [
      'a secret whose file is not there',
      { secret: '{ file: ./none }' },
      2,
      /client_secret: cannot read .*none \(ENOENT\); create it/,
    ],
    [
      'a wrong client',
      { id: 'nobody' },
      2,
      /refused client nobody .*check `client_id` and `client_secret`/,
    ],
    [
      'a folder that cannot be written',
      { archive: 'file:/proc/no-such-folder' },
      2,
      /cannot write in the archive file:\/proc\/no-such-folder: .*`archive`/,
    ],
    [
      'a path that goes through a file',
      { archive: 'file:./secret/archive' },
      2,
      /a part of the path is a file .*correct `archive`/,
    ],
  ])('ends with one clear line: %s', async (_, written, exitCode, line) => {
    const ended = await archive(written);

    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toMatch(line);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).not.toMatch(/\bat .*:\d+:\d+/);
    expect((await stored()).filter((name) => name.includes('part-'))).toEqual([]);
  });

  it('says that the API cannot be reached, and what to check', async () => {
    await sample.listener.refuse();

    const ended = await archive({}, '--max-time', '1s');

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/^eu-1: http:\/\/127\.0\.0\.1:\d+\/ cannot be read: ECONNREFUSED/);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says which scope is missing, before it reads a single event', async () => {
    sample.database.insertClients([
      { id: 'narrow', secret: ARCHIVER_CLIENT.secret, authorities: ['cloud_controller.read'] },
    ]);

    const ended = await archive({ id: 'narrow' });

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/narrow has none of cloud_controller\.admin, .*admin_read_only/);
    expect(sample.requests.count('/v3/audit_events')).toBe(0);
  });

  (isRoot ? it : it.skip)(
    'ends cleanly on a full disk, and completes when there is room',
    async () => {
      const small = join(directory, 'small');
      await mkdir(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
      try {
        const full = await archive({ archive: `file:${small}` });

        expect(full.exitCode).toBe(1);
        expect(full.stderr).toMatch(/no space left \(ENOSPC\); nothing was stored; free space/);
        execFileSync('mount', ['-o', 'remount,size=4m', small]);
        const roomy = await archive({ archive: `file:${small}` });
        expect(roomy.exitCode).toBe(0);
      } finally {
        execFileSync('umount', [small]);
      }
    },
  );

  it('goes on with the other foundations when one cannot be read', async () => {
    const ended = await archive({
      id: 'nobody',
      more: `  - name: eu-2
    api: ${sample.apiUrl}
    client_id: ${ARCHIVER_CLIENT.id}
    client_secret: { file: ./secret }
    retention_days: 4
`,
    });

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('eu-1: ');
    expect(ended.stdout).toMatch(/^eu-2: .*stored/m);
  });

  it.each([
    [['--max-time', 'soon'], /--max-time soon: write a whole number and s, m, h or d/],
    [['--day', 'yesterday'], /--day yesterday: write a UTC day/],
    [
      ['--day', '2026-03-12'],
      /--day 2026-03-12: the day is not closed before 2026-03-13T04:00:00Z/,
    ],
    [
      ['--foundation', 'us-1'],
      /--foundation us-1: the configuration has no such foundation; it has eu-1/,
    ],
    [['--nwo', 'x'], /unknown option '--nwo'[\s\S]*Did you mean --now/],
  ])('refuses %j as usage', async (flags, line) => {
    const ended = await archive({}, ...flags);

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(line);
  });

  it('says nothing of a secret or a token, whatever fails', async () => {
    sample.faults.add({ on: 'created_ats', fault: { kind: 'unknown-error' } });

    const ended = await archive({}, '--max-time', '1s');

    expect(ended.stdout + ended.stderr).not.toContain(ARCHIVER_CLIENT.secret);
    expect(ended.stdout + ended.stderr).not.toMatch(/eyJ|created_ats/);
  });
});

describe('archive', () => {
  it('tells each day in plain lines where there is no terminal, and sums up', async () => {
    const ended = await archive({});

    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toMatch(/^eu-1 2026-03-10 closed, \d+ events, [\d.]+ kB$/m);
    expect(ended.stdout).toMatch(/^eu-1: 4 closed days looked at: stored \d+ events/);
  });

  it('says that nothing was written when nothing is new', async () => {
    await archive({});

    const again = await archive({});

    expect(again.stdout).toBe(
      'eu-1: 4 closed days looked at: nothing new, nothing stored, 4 unchanged\n',
    );
  });

  it('prints stable JSON on demand', async () => {
    const ended = await archive({}, '--json', '--day', '2026-03-10');

    expect(JSON.parse(ended.stdout)).toEqual({
      foundations: [
        {
          name: 'eu-1',
          error: null,
          days: [
            {
              dt: '2026-03-10',
              result: 'archived',
              status: 'closed',
              events: sample.database.guidsOfDay('2026-03-10').length,
              added: sample.database.guidsOfDay('2026-03-10').length,
              bytes: expect.any(Number),
              adopted: [],
            },
          ],
          losses: [],
        },
      ],
    });
  });
});
