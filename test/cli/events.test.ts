import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventRecord } from '../../lib/sample-foundation/records.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';
import {
  anEventRecord,
  anOrganizationRecord,
  aSpaceRecord,
  micros,
  theRecords,
} from '../support/sample-foundation/records.ts';

const NOW = '2026-03-12T06:00:00Z';

const records: EventRecord[] = [
  anEventRecord({
    type: 'audit.app.delete-request',
    created_at: micros('2026-03-10T08:00:00.7Z'),
    actee_name: 'Checkout',
    actee: 'app-checkout',
    actor_name: 'dana@example.org',
    metadata: '{"request":{"recursive":true},"at":1772000000123456789}',
  }),
  anEventRecord({
    type: 'audit.app.update',
    created_at: micros('2026-03-10T09:00:00Z'),
    actee_name: 'checkout-worker',
    actee: 'app-worker',
  }),
  anEventRecord({
    type: 'audit.appfoo.update',
    created_at: micros('2026-03-10T10:00:00Z'),
    actee_name: '100%_sure',
    actee: 'app-odd',
    space_guid: '',
  }),
  anEventRecord({
    type: 'audit.space.create',
    created_at: micros('2026-03-11T23:59:59.999999Z'),
    actee_name: '=HYPERLINK("x")\n\u001B[31mred',
    actee: 'space-2',
    space_guid: 'space-2',
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
      organizations: [anOrganizationRecord('organization-1', { name: 'shop' })],
      spaces: [
        aSpaceRecord('space-1', 'organization-1', { name: 'payments' }),
        aSpaceRecord('space-2', 'organization-1', { name: 'staging' }),
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

async function typesFound(...flags: string[]): Promise<string[]> {
  const { stdout } = await ask('events', '--json', ...flags);
  return JSON.parse(stdout).events.map(({ type }: { type: string }) => type);
}

const DELETE = 'audit.app.delete-request';
const UPDATE = 'audit.app.update';
const OTHER = 'audit.appfoo.update';
const SPACE = 'audit.space.create';

describe('events', () => {
  it.each<[flags: string[], types: string[]]>([
    [[], [SPACE, OTHER, UPDATE, DELETE]],
    [
      ['--order', 'oldest'],
      [DELETE, UPDATE, OTHER, SPACE],
    ],
    [['--type', DELETE], [DELETE]],
    [
      ['--type', 'audit.app.*'],
      [UPDATE, DELETE],
    ],
    [
      ['--type', DELETE, '--type', SPACE],
      [SPACE, DELETE],
    ],
    [['--target', 'checkout'], [DELETE]],
    [
      ['--target', 'CHECKOUT*'],
      [UPDATE, DELETE],
    ],
    [['--target', 'app-worker'], [UPDATE]],
    [['--target', '100%_sure'], [OTHER]],
    [['--target', '100%_*'], [OTHER]],
    [['--target', '%'], []],
    [['--target', "' OR 1=1 --"], []],
    [
      ['--space', 'payments'],
      [UPDATE, DELETE],
    ],
    [['--space', 'space-2'], [SPACE]],
    [['--organization', 'SHOP', '--space', 'stag*'], [SPACE]],
    [['--from', '2026-03-11'], [SPACE]],
    [
      ['--to', '2026-03-11'],
      [OTHER, UPDATE, DELETE],
    ],
    [['--from', '2026-03-10T08:00:00Z', '--to', '2026-03-10T09:00:00Z'], [DELETE]],
    [
      ['--from', '2026-03-10T10:00:00+01:00', '--to', '2026-03-10T11:00:01+01:00'],
      [OTHER, UPDATE],
    ],
    [['--foundation', 'eu-1', '--limit', '1'], [SPACE]],
    [
      ['--not-type', 'audit.app.*'],
      [SPACE, OTHER],
    ],
    [['--not-target', '*check*', '--not-type', SPACE], [OTHER]],
    [['--actor', 'DANA@*'], [DELETE]],
    [['--text', 'RECURSIVE'], [DELETE]],
    [['--text', '1772000000123456789', '--text', 'nowhere'], []],
    [['--yesterday'], [SPACE]],
    [['--last', '31h'], [SPACE]],
    [
      ['--month', '2026-03', '--order', 'oldest', '--limit', '2'],
      [DELETE, UPDATE],
    ],
    [['--from', '2026-03-11', '--time-zone', 'America/New_York'], [SPACE]],
    [['--to', '2026-03-10', '--time-zone', 'America/New_York'], []],
    [
      ['--from', '2026-03-10', '--to', '2026-03-11', '--time-zone', 'Asia/Tokyo'],
      [OTHER, UPDATE, DELETE],
    ],
  ])('finds with %j', async (flags, types) => {
    expect(await typesFound(...flags)).toEqual(types);
  });

  it('prints a table with names, and says how complete it is', async () => {
    const { stdout, exitCode } = await ask('events', '--target', 'checkout');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '1 of 4 days is stored only in part: 2026-03-09; 1 of 4 days is not closed yet: 2026-03-12',
        'time                   event                      actor              target     space      organization',
        '2026-03-10T08:00:00Z   audit.app.delete-request   dana@example.org   Checkout   payments   shop',
        '',
      ].join('\n'),
    );
  });

  it('shows times in the asked zone in a table, and in UTC everywhere else', async () => {
    const flags = ['--type', DELETE, '--time-zone', 'Europe/Berlin'];
    const usual = await ask('events', ...flags);
    const chosen = await ask('events', ...flags, '--columns', 'created_at,type');
    const json = await ask('events', ...flags, '--json');
    const csv = await ask('events', ...flags, '--output', 'csv', '--columns', 'created_at');

    expect(usual.stdout).toMatch(/^2026-03-10T09:00:00\+01:00 {3}audit\.app\.delete-request /m);
    expect(chosen.stdout).toMatch(/^2026-03-10T09:00:00\+01:00 {3}audit\.app\.delete-request$/m);
    expect(JSON.parse(json.stdout).events[0].created_at).toBe('2026-03-10T08:00:00Z');
    expect(csv.stdout).toBe('created_at\r\n2026-03-10T08:00:00.000Z\r\n');
  });

  it('finds again what is asked for by a time of the table', async () => {
    const from = ['--from', '2026-03-10T09:00:00+01:00', '--to', '2026-03-10T09:00:01+01:00'];

    expect(await typesFound(...from)).toEqual([DELETE]);
  });

  it('gives page after page, and refuses a cursor that was changed or is of another question', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string[] = cursor === null ? [] : ['--cursor', cursor];
      const { stdout } = await ask('events', '--json', '--limit', '1', ...next);
      const answer = JSON.parse(stdout);
      seen.push(...answer.events.map(({ type }: { type: string }) => type));
      cursor = answer.next_cursor;
      if (cursor !== null && seen.length === 2) {
        const other = await ask('events', '--type', SPACE, '--cursor', cursor);
        const changed = await ask(
          'events',
          '--cursor',
          `${cursor.slice(0, 9)}A${cursor.slice(10)}`,
        );
        expect([other.exitCode, changed.exitCode]).toEqual([2, 2]);
        expect(other.stderr).toContain('--cursor: it belongs to another question');
        expect(changed.stderr).toContain('--cursor: it is not one of this archive, or was changed');
      }
    } while (cursor !== null);

    expect(seen).toEqual([SPACE, OTHER, UPDATE, DELETE]);
  });

  it('finds one event by its GUID', async () => {
    const all = JSON.parse((await ask('events', '--json')).stdout).events;

    const { stdout } = await ask('events', '--json', '--guid', all[2].guid);

    expect(JSON.parse(stdout).events).toEqual([all[2]]);
  });

  it('exports every event that matches, with how complete it is on the standard error', async () => {
    const csv = await ask('events', '--output', 'csv', '--columns', 'target_name,type');
    const file = join(directory, 'events.ndjson');
    const written = await ask('events', '--file', file);

    expect(csv.stdout.split('\r\n').slice(0, 2)).toEqual([
      'target_name,type',
      `"'=HYPERLINK(""x"")\n\u001B[31mred",${SPACE}`,
    ]);
    expect(csv.stdout.trimEnd().split('\r\n')).toHaveLength(5);
    expect(csv.stderr).toMatch(/^1 of 4 days is stored only in part/);
    expect(written.stdout).toBe('');
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(4);
  });

  it('hints at a type that is not known, and asks for it all the same', async () => {
    const { exitCode, stdout, stderr } = await ask('events', '--actor-type', 'usr');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/No events found\.\n$/);
    expect(stderr).toMatch(/^--actor-type usr: .* did you mean user\?\n$/);
  });

  it('shows the columns that are asked for', async () => {
    const { stdout } = await ask('events', '--type', DELETE, '--columns', 'target_name,created_at');

    expect(stdout.split('\n').slice(-3)).toEqual([
      'target_name   created_at',
      'Checkout      2026-03-10T08:00:00.000Z',
      '',
    ]);
  });

  it('takes the headings of the usual table for the columns that they show', async () => {
    const all = 'time,event,actor,target,space,organization';
    const table = await ask('events', '--type', DELETE, '--columns', all);
    const csv = await ask('events', '--type', DELETE, '--columns', 'target', '--output', 'csv');

    expect(table.stdout.split('\n').slice(-3)).toEqual([
      'created_at                 type                       actor_name         target_name   space_name   organization_name',
      '2026-03-10T08:00:00.000Z   audit.app.delete-request   dana@example.org   Checkout      payments     shop',
      '',
    ]);
    expect(csv.stdout).toBe('target_name\r\nCheckout\r\n');
  });

  it('keeps a row on one line and the terminal safe, whatever a name holds', async () => {
    const { stdout } = await ask('events', '--type', SPACE);

    expect(stdout).toContain('=HYPERLINK("x") red');
    expect(stdout).not.toContain('\u001B');
  });

  it('gives the event as Cloud Controller showed it, digit for digit, with names and coverage', async () => {
    const { stdout } = await ask('events', '--json', '--type', DELETE);

    expect(stdout).toContain('"data":{"request":{"recursive":true},"at":1772000000123456789}');
    expect(JSON.parse(stdout)).toMatchObject({
      events: [
        {
          created_at: '2026-03-10T08:00:00Z',
          space: { guid: 'space-1', name: 'payments' },
          organization: { guid: 'organization-1', name: 'shop' },
        },
      ],
      next_cursor: null,
      coverage: {
        complete: false,
        days: { closed: 2, partial: 1, open: 1, missing: 0, lost: 0, before_archive: 0 },
        not_closed: [
          { foundation: 'eu-1', dt: '2026-03-09', state: 'partial' },
          { foundation: 'eu-1', dt: '2026-03-12', state: 'open' },
        ],
      },
      scanned_bytes: expect.any(Number),
    });
  });

  it('never lets "no data" look like "nothing happened"', async () => {
    const { stdout } = await ask('events', '--from', '2025-01-01', '--to', '2025-01-03');

    expect(stdout).toBe(
      '2 of 2 days are from before the archive began: 2025-01-01, 2025-01-02\nNo events found.\n',
    );
  });

  it('answers at once however wide the range is', async () => {
    const { stdout } = await ask('events', '--from', '1970-01-01', '--to', '9999-12-31', '--json');

    expect(JSON.parse(stdout).events).toHaveLength(4);
    expect(JSON.parse(stdout).coverage.days).toMatchObject({ closed: 2, partial: 1, open: 1 });
  });

  it('says what to do about a part that cannot be read', async () => {
    const part = join(
      directory,
      'archive/events/v1/foundation=eu-1/dt=2026-03-10/part-0000.parquet',
    );
    const bytes = await readFile(part);
    await writeFile(part, bytes.subarray(0, 100));

    const { exitCode, stderr } = await ask('events', '--from', '2026-03-10', '--to', '2026-03-11');
    await writeFile(part, bytes);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^the archive's parts cannot be searched: .*run verify to find the part/,
    );
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names a missing day', async () => {
    await rm(join(directory, 'archive/manifests/v1/foundation=eu-1/dt=2026-03-11'), {
      recursive: true,
    });

    const { stdout } = await ask('events', '--from', '2026-03-10', '--to', '2026-03-12');

    expect(stdout).toMatch(/^1 of 2 days is missing: 2026-03-11\n/);
    await ask('archive');
  });

  it.each(['dt=2020-01-01', 'foundation=us-1', 'type=production', 'a?b', 'a*b', 'a[1]b'])(
    'finds everything in an archive below a folder that is called %s',
    async (folder) => {
      await writeCliConfiguration(directory, sample.apiUrl, { archive: 'file:./a1b' });
      await mkdir(join(directory, 'a1b'), { recursive: true });
      await ask('archive');
      await writeCliConfiguration(directory, sample.apiUrl, { archive: `file:./${folder}` });
      await mkdir(join(directory, folder));

      try {
        expect(await ask('archive')).toMatchObject({ exitCode: 0 });
        // Its GUIDs are read again.
        expect(await ask('archive')).toMatchObject({ exitCode: 0 });
        expect(await typesFound()).toEqual([SPACE, OTHER, UPDATE, DELETE]);
      } finally {
        await writeCliConfiguration(directory, sample.apiUrl);
      }
    },
  );

  it.each([
    [['--from', 'tomorrow'], /--from tomorrow: write a UTC day/],
    [['--from', '2026-03-11', '--to', '2026-03-11'], /--from must be earlier than --to/],
    [['--limit', '0'], /--limit: /],
    [['--limit', 'many'], /--limit many: write a whole number from 1 to 5000/],
    [['--space', ''], /--space: write a GUID or a name/],
    [['--month=--a-b'], /^--month --a-b: write a month such as 2026-03\n$/],
    [
      ['--space', '', '--not-target', ''],
      /^--not-target: write a GUID or a name\n--space: write a GUID or a name\n$/,
    ],
    [
      ['--today', '--from', '2026-03-11'],
      /^--today and --from\/--to exclude each other: write one of them, or --from and --to\n$/,
    ],
    [['--month', '2027-01'], /^--month lies in the future\n$/],
    [['--from', '2027-01-01'], /--from lies in the future/],
    [['--time-zone', 'Mars/Olympus', '--today'], /--time-zone Mars.Olympus: write a time zone/],
    [['--today', '--last', '7d'], /--today and --last exclude each other/],
    [['--last', 'week'], /--last week: write a whole number and m, h, d or w/],
    [['--month', '2026-13'], /--month 2026-13: write a month such as 2026-03/],
    [
      ['--columns', 'targetname'],
      /--columns targetname: there is no such column; did you mean target_name/,
    ],
    [['--columns', 'guid,type,guid'], /^--columns guid,type,guid: must not name guid twice\n$/],
    [
      ['--columns', 'type, event', '--output', 'parquet', '--file', 'x.parquet'],
      /^--columns type, event: must not name type twice\n$/,
    ],
    [
      ['--columns', 'time,created_at', '--output', 'ndjson'],
      /^--columns time,created_at: must not name created_at twice\n$/,
    ],
    [['--columns', 'organisation'], /there is no such column; did you mean organization\?/],
    [['--cursor', 'abc.def'], /--cursor: it is not one of this archive/],
    [['--text', 'x'.repeat(1025)], /--text: a text has 1,024 characters at most/],
    [['--type', 'audit.*.update'], /--type: use a whole type such as/],
    [
      ['--json', '--output', 'csv'],
      /^--json and --output csv exclude each other: write one of them\n$/,
    ],
    [['--json', '--output', 'table'], /^--json and --output table exclude each other/],
    [
      ['--limit', '50', '--output', 'csv'],
      /^--limit: pages are for tables and JSON; --output csv holds everything that matches\n$/,
    ],
    [['--limit', '5', '--file', 'x.json'], /^--limit: .*; --file x.json holds everything/],
    [['--cursor', 'c', '--output', 'ndjson'], /^--cursor: .*; --output ndjson holds everything/],
    [['--order', 'random'], /Allowed choices are newest, oldest/],
  ])('refuses %j', async (flags, line) => {
    const { exitCode, stderr } = await ask('events', ...flags);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(line);
  });
});
