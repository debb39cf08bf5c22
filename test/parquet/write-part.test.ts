import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SchemaElement } from 'hyparquet';
import { COLUMNS } from '../../lib/domain/columns.ts';
import { DuckDBParts } from '../../lib/parquet/duckdb-parts.ts';
import { anEventText, aPageText, guidOf } from '../fixtures/event-text.ts';
import { partMetadataOf, partRowsOf } from '../support/parquet/part-reader.ts';
import { aStageRig, DAY, type StageRig } from '../support/parquet/stage-rig.ts';

let rig: StageRig;

beforeEach(async () => {
  rig = await aStageRig();
});

afterEach(() => rig.close());

/** Of a set of GUIDs, made without the program. */
const digestOf = (guids: readonly string[]): string => {
  const hash = createHash('sha256');
  const sorted = guids.map((guid) => Buffer.from(guid)).sort(Buffer.compare);
  for (const guid of sorted) hash.update(guid).update('\n');
  return hash.digest('hex');
};

const whole = async (): Promise<string> => (await rig.writePart())?.file ?? '';

describe('writePart', () => {
  it('describes the part that it wrote', async () => {
    const guids = ['b', 'ä', 'a', 'Z', '😀', '\uffee', ''];
    const events = guids.map((guid, index) =>
      anEventText(0, {
        guid: JSON.stringify(guid),
        created_at: `"2026-03-01T10:00:0${index}Z"`,
        type: index < 3 ? '"app.crash"' : '"audit.app.stop"',
      }),
    );
    await rig.addPage(aPageText(events));

    const part = await rig.writePart();

    const bytes = await readFile(part?.file ?? '');
    expect(part).toEqual({
      file: part?.file,
      events: 7,
      guidDigest: digestOf(guids),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      eventsByType: { 'app.crash': 3, 'audit.app.stop': 4 },
      minCreatedAt: new Date('2026-03-01T10:00:00Z'),
      maxCreatedAt: new Date('2026-03-01T10:00:06Z'),
      misplaced: 0,
      unrepresentable: 0,
      unrepresentableGuids: [],
    });
  });

  it('writes the columns in their order, flat, plain text and millisecond instants', async () => {
    await rig.addPage(aPageText([anEventText(1)]));

    const { schema } = await partMetadataOf(await whole());

    const [, ...columns] = schema;
    expect(columns.map(({ name }) => name)).toEqual(COLUMNS.map(({ name }) => name));
    const wanted = COLUMNS.map(({ type }) =>
      type === 'timestamp'
        ? { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }
        : { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    );
    expect(
      columns.map(({ type, converted_type }: SchemaElement) => ({ type, converted_type })),
    ).toEqual(wanted);
    expect(
      JSON.stringify(columns, (_, value) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toMatch(/JSON|MICROS|NANOS/);
  });

  it('compresses every column with ZSTD', async () => {
    await rig.addPage(aPageText([anEventText(1), anEventText(2)]));

    const { row_groups } = await partMetadataOf(await whole());

    const codecs = row_groups.flatMap(({ columns }) =>
      columns.map(({ meta_data }) => meta_data?.codec),
    );
    expect(new Set(codecs)).toEqual(new Set(['ZSTD']));
    expect(codecs).toHaveLength(COLUMNS.length);
  });

  it('sorts by organization, space, target, instant and GUID, byte by byte, nulls last', async () => {
    const scope = (guid: string | null): string => JSON.stringify(guid === null ? null : { guid });
    const sorted = [
      anEventText(9, { organization: scope('Z'), space: scope('b') }),
      anEventText(1, { organization: scope('a'), space: scope('') }),
      anEventText(2, { organization: scope('a'), space: scope('a') }),
      anEventText(8, {
        organization: scope('a'),
        space: scope('a'),
        target: '{"guid":"app-10","type":"app","name":""}',
      }),
      anEventText(3, {
        organization: scope('a'),
        space: scope('a'),
        target: '{"guid":"app-9","type":"app","name":""}',
        created_at: '"2026-03-01T01:00:00Z"',
      }),
      anEventText(7, {
        organization: scope('a'),
        space: scope('a'),
        target: '{"guid":"app-9","type":"app","name":""}',
        created_at: '"2026-03-01T02:00:00Z"',
      }),
      anEventText(4, { organization: scope('a'), space: scope('a'), target: 'null' }),
      anEventText(5, { organization: scope('a'), space: scope('\uffee') }),
      anEventText(6, { organization: scope('a'), space: scope('😀') }),
      anEventText(10, { organization: scope('a'), space: scope(null) }),
      anEventText(11, { organization: scope(null), space: scope(null) }),
    ];
    await rig.addPage(aPageText([...sorted].reverse()));

    const rows = await partRowsOf(await whole());

    expect(rows.map(({ guid }) => guid)).toEqual([9, 1, 2, 8, 3, 7, 4, 5, 6, 10, 11].map(guidOf));
  });

  it('tells empty from null', async () => {
    await rig.addPage(
      aPageText([
        anEventText(1, { space: '{"guid":""}', actor: '{"guid":"","type":null,"name":""}' }),
        anEventText(2, { space: 'null', actor: '{"guid":null,"type":"","name":null}' }),
      ]),
    );

    const rows = await partRowsOf(await whole());

    expect(rows).toMatchObject([
      { space_guid: '', actor_guid: '', actor_type: null, actor_name: '' },
      { space_guid: null, actor_guid: null, actor_type: '', actor_name: null },
    ]);
  });

  it('joins the names that are known', async () => {
    await rig.addPage(
      aPageText([
        anEventText(1),
        anEventText(2, { space: '{"guid":"space-2"}' }),
        anEventText(3, { space: 'null', organization: 'null' }),
      ]),
    );

    const part = await rig.writePart({
      names: {
        organizations: new Map([['organization-1', "shop 'n' co 😀"]]),
        spaces: new Map([
          ['space-1', 'a\0b'],
          ['elsewhere', 'x'],
        ]),
      },
    });

    expect(await partRowsOf(part?.file ?? '')).toMatchObject([
      { space_name: 'a\0b', organization_name: "shop 'n' co 😀" },
      { space_name: null, organization_name: "shop 'n' co 😀" },
      { space_name: null, organization_name: null },
    ]);
  });

  it('writes an event of several pages once, and nothing from the cut on', async () => {
    const time = (number: number): string =>
      anEventText(number, { created_at: `"2026-03-01T10:00:0${number}Z"` });
    await rig.addPage(aPageText([time(1), time(2), time(3)]));
    await rig.addPage(aPageText([time(3), time(4)]));

    const part = await rig.writePart({
      keep: [{ page: 1, before: new Date('2026-03-01T10:00:03Z') }, { page: 2 }],
    });
    const repeated = await rig.writePart();

    expect(part?.guidDigest).toBe(digestOf([1, 2, 3, 4].map(guidOf)));
    expect(repeated?.guidDigest).toBe(part?.guidDigest);
  });

  it('leaves out what other parts hold, and writes no part when nothing is left', async () => {
    await rig.addPage(aPageText([1, 2].map((number) => anEventText(number))));
    const first = await rig.writePart();
    await rig.addPage(aPageText([2, 3, 4].map((number) => anEventText(number))));
    const second = await rig.writePart({ storedParts: [first?.file ?? ''] });
    const stored = [first?.file ?? '', second?.file ?? ''];

    const third = await rig.writePart({ storedParts: stored });

    expect(second?.guidDigest).toBe(digestOf([3, 4].map(guidOf)));
    expect(third).toBeUndefined();
    expect(await rig.parts.guidsOfParts(stored)).toEqual({
      events: 4,
      guidDigest: digestOf([1, 2, 3, 4].map(guidOf)),
    });
  });

  it('counts the events of parts that were created in a window, its end not included, and misplaced ones', async () => {
    const at = (second: string) => `2026-03-01T10:00:${second}Z`;
    const anEvent = (number: number, second: string) =>
      anEventText(number, { created_at: JSON.stringify(at(second)) });
    await rig.addPage(aPageText(['00', '01', '02'].map((second, index) => anEvent(index, second))));
    const first = await rig.writePart();
    await rig.addPage(aPageText([anEvent(9, '01')]));
    const second = await rig.writePart({ storedParts: [first?.file ?? ''] });
    await rig.addPage(aPageText([anEventText(10, { created_at: '"2026-02-28T23:59:59Z"' })]));
    const third = await rig.writePart({ storedParts: [first?.file ?? '', second?.file ?? ''] });
    const stored = [first?.file ?? '', second?.file ?? '', third?.file ?? ''];
    const inWindow = (from: string, to: string) =>
      rig.parts.countEvents(stored, { from: new Date(at(from)), to: new Date(at(to)) }, DAY);

    expect(await inWindow('00', '02')).toBe(3 + 1);
    expect(await inWindow('01', '02')).toBe(2 + 1);
    expect(await inWindow('03', '04')).toBe(0 + 1);
    expect(await rig.parts.countEvents([], DAY, DAY)).toBe(0);
  });

  it('writes no part of nothing', async () => {
    await rig.addPage(aPageText([]));

    expect(await rig.writePart()).toBeUndefined();
    expect(await rig.parts.guidsOfParts([])).toEqual({ events: 0, guidDigest: digestOf([]) });
  });

  it('counts what lies outside the day and what columns cannot hold', async () => {
    await rig.addPage(
      aPageText([
        anEventText(1, { created_at: '"2026-02-28T23:59:59Z"' }),
        anEventText(2, { created_at: '"2026-03-02T00:00:00Z"', data: '{"a":NaN}' }),
        anEventText(3, { created_at: '"2026-03-01T23:59:59Z"', more: '"_raw"' }),
        anEventText(4, { updated_at: undefined }),
      ]),
    );

    const part = await rig.writePart();

    expect(part).toMatchObject({ events: 4, misplaced: 2, unrepresentable: 2 });
    expect(await rig.parts.describePart(part?.file ?? '', DAY)).toEqual(part);
  });

  it('does not take a folder called like a column for one', async () => {
    const elsewhere = await aStageRig('guid=wrong');
    await elsewhere.addPage(aPageText([anEventText(1)]));

    const part = await elsewhere.writePart();

    expect(part?.guidDigest).toBe(digestOf([guidOf(1)]));
    await elsewhere.close();
  });
});

describe('writePart, of a large day', () => {
  /** Rows of one statement in an order that is not the part's, with two threads at work. */
  const EVENTS = 310_000;

  it('keeps the order over all row groups', async () => {
    const events = Array.from({ length: EVENTS }, (_, index) => {
      const number = (index * 7919) % EVENTS;
      return `{"guid":"${guidOf(number)}","created_at":"2026-03-01T12:00:00Z","updated_at":"2026-03-01T12:00:00Z","type":"t","actor":{"guid":"a","type":"user","name":""},"target":{"guid":"t${number % 1000}","type":"app","name":""},"data":{},"space":{"guid":"s${number % 7}"},"organization":null,"links":{}}`;
    });
    for (let from = 0; from < EVENTS; from += 31_000) {
      await rig.addPage(aPageText(events.slice(from, from + 31_000)));
    }

    const part = await rig.writePart();

    const rows = await partRowsOf(part?.file ?? '', ['guid', 'space_guid', 'target_guid']);
    const keys = rows.map((row) => [row.space_guid, row.target_guid, row.guid].join(' '));
    expect(keys.length).toBe(EVENTS);
    expect(keys.findIndex((key, index) => index > 0 && key < (keys[index - 1] ?? ''))).toBe(-1);
    const { row_groups } = await partMetadataOf(part?.file ?? '');
    const sizes = row_groups.map(({ num_rows }) => Number(num_rows));
    expect(sizes.slice(0, -1)).toEqual(Array(sizes.length - 1).fill(51_200));
    expect(part?.guidDigest).toBe(digestOf(rows.map(({ guid }) => guid)));
  });
});

describe('a part that is none', () => {
  const spoil: readonly (readonly [string, (file: string) => Promise<void>])[] = [
    ['cut off', async (file) => truncate(file, (await stat(file)).size - 100)],
    ['empty', (file) => truncate(file, 0)],
    ['of other bytes', (file) => writeFile(file, 'PAR1 no part PAR1')],
    [
      'with a changed page',
      async (file) => {
        const handle = await open(file, 'r+');
        await handle.write(Buffer.alloc(64, 0xff), 0, 64, 8);
        await handle.close();
      },
    ],
  ];

  it.each(spoil)('is told by its name: %s', async (_, change) => {
    await rig.addPage(aPageText([anEventText(1), anEventText(2)]));
    const file = await whole();
    await change(file);

    const invalid = { code: 'PART_INVALID', message: expect.stringContaining(file) };
    await expect(rig.parts.describePart(file, DAY)).rejects.toMatchObject(invalid);
    await expect(rig.parts.guidsOfParts([file])).rejects.toMatchObject(invalid);
    await expect(rig.writePart({ storedParts: [file] })).rejects.toMatchObject(invalid);
  });

  it('is told when it is missing', async () => {
    const file = join(rig.directory, 'missing.parquet');

    await expect(rig.parts.describePart(file, DAY)).rejects.toMatchObject({ code: 'PART_INVALID' });
  });

  it('is told when it lacks a column', async () => {
    await rig.addPage(aPageText([anEventText(1)]));
    const file = await whole();
    const bytes = await readFile(file);
    await writeFile(
      file,
      Buffer.from(bytes.toString('latin1').replaceAll('extra', 'extrb'), 'latin1'),
    );

    await expect(rig.parts.describePart(file, DAY)).rejects.toMatchObject({ code: 'PART_INVALID' });
  });
});

describe('a work folder', () => {
  it('that is full is told in one line', async () => {
    await rig.addPage(aPageText([anEventText(1)]));
    const file = join(rig.directory, 'full.parquet');
    await symlink('/dev/full', file);

    await expect(rig.writePart({ file })).rejects.toMatchObject({
      code: 'STORE_FULL',
      message: `no space left in the work folder while writing part ${file}; free some, or point TMPDIR to a larger disk`,
    });
  });

  it('that is no folder is told in one line', async () => {
    const file = join(rig.directory, 'file');
    await writeFile(file, '');
    const parts = new DuckDBParts({ workDirectory: join(file, 'work') });

    await expect(parts.openStage('day')).rejects.toMatchObject({
      code: 'WORK_FAILED',
      message: expect.stringMatching(
        /^opening stage day below [^\n]* failed: E(NOTDIR|EXIST)[^\n]*$/,
      ),
    });
    await expect(parts.guidsOfParts([])).rejects.toMatchObject({ code: 'WORK_FAILED' });
  });

  it('is empty again after every use', async () => {
    await rig.addPage(aPageText([anEventText(1)]));
    await rig.parts.describePart(await whole(), DAY);
    await rig.parts.guidsOfParts([]);

    const during = await readdir(join(rig.directory, 'work/stages'));
    await rig.stage.close();
    const after = await readdir(join(rig.directory, 'work'), { recursive: true });

    expect(during).toHaveLength(1);
    expect(after).toEqual(['stages']);
  });
});
