import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { readOddPage } from '../../lib/parquet/odd-page.ts';
import { pageRows, STAGED_COLUMNS } from '../../lib/parquet/page-sql.ts';
import { anEventText, aPageText } from '../fixtures/event-text.ts';
import { meaningOf } from '../support/json/exact-json.ts';

let directory: string;
let file: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'paths-'));
  file = join(directory, 'page.json');
  instance = await openDuckDB({ tempDirectory: join(directory, 'spill') });
  connection = await instance.connect();
});

afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(directory, { recursive: true });
});

type Row = Record<string, unknown>;

const COLUMNS = STAGED_COLUMNS.map((column) => column.split(' ')[0] ?? '');

/** Rows as the stage's one statement reads them, with what it says of each. */
async function fastRows(body: string | Uint8Array): Promise<Row[]> {
  await writeFile(file, body);
  const result = await connection.runAndReadAll(
    `SELECT usual, total_results, ${COLUMNS.map((column) => (column.endsWith('_at') ? `epoch_ms(${column}) AS ${column}` : column)).join(', ')}
     FROM (${pageRows(file)}) ORDER BY seq`,
  );
  return result.getRowObjectsJS().map((row) => ({
    ...row,
    created_at: row.created_at === null ? null : Number(row.created_at),
    updated_at: row.updated_at === null ? null : Number(row.updated_at),
  }));
}

/** `data` may be written differently, as long as it says the same. */
const comparable = ({ usual, total_results, ...row }: Row): Row => ({
  ...row,
  data: meaningOf(String(row.data)),
});

const quoted = (text: string): string => JSON.stringify(text);
const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { freq: 4 });

const numberText = fc.oneof(
  fc.bigInt().map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .filter((n) => !Object.is(n, -0))
    .map(String),
  fc.constantFrom(
    '1e3',
    '1E+2',
    '0.10',
    '-0.0',
    '1e-400',
    '1e400',
    '-1.5e399',
    '123456789.123456789',
  ),
);

/** Any JSON text, with numbers of every kind and keys that come twice. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('null', 'true', 'false'),
    numberText,
    text.map(quoted),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.oneof(text, fc.constantFrom('a', '1', '__proto__')), tie('value')), {
      maxLength: 4,
    })
    .map((members) => `{${members.map(([key, value]) => `${quoted(key)}:${value}`).join(',')}}`),
})).object;

const party = fc
  .tuple(maybe(text), maybe(text), maybe(text))
  .map(([guid, type, name]) => JSON.stringify({ guid, type, name }));
const scope = maybe(text).map((guid) => JSON.stringify(guid === null ? null : { guid }));
const second = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((instant) => quoted(`${instant.toISOString().slice(0, 19)}Z`));

/** A text as DuckDB spells it: it writes escapes and fractions anew, readOddPage leaves them as they came. */
const asDuckDBSpells = (value: string): string =>
  quoted(value).replace(/\\u....|\\./g, (pair) =>
    pair.startsWith('\\u') ? `\\u${pair.slice(2).toUpperCase()}` : pair,
  );

/** A JSON object with any white space between its pieces, spelled as DuckDB spells it. */
const laidOutJson: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => {
  const blank = fc.constantFrom('', ' ', '\n', '\r\n\t', '  ');
  const blanksAround = (piece: fc.Arbitrary<string>) =>
    fc.tuple(blank, piece, blank).map((pieces) => pieces.join(''));
  const listOf = (piece: fc.Arbitrary<string>) =>
    fc
      .oneof(
        blank.map((text) => [text]),
        fc.array(blanksAround(piece), { minLength: 1, maxLength: 4 }),
      )
      .map((pieces) => pieces.join(','));
  const scalar = fc.oneof(
    fc.constantFrom('null', 'true', 'false', '0.5', '1e400'),
    fc.bigInt().map(String),
    fc.oneof(text, fc.constantFrom(' " : 1 }', '\\', '\n')).map(asDuckDBSpells),
  );
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      listOf(tie('value')).map((items) => `[${items}]`),
      tie('object'),
    ),
    object: listOf(
      fc
        .tuple(fc.oneof(text, fc.constantFrom('a', ' ')), blank, blanksAround(tie('value')))
        .map(([key, before, value]) => `${asDuckDBSpells(key)}${before}:${value}`),
    ).map((members) => `{${members}}`),
  };
}).object;

/** An event of the shape that Cloud Controller sends, with any content. */
const usualEvent: fc.Arbitrary<string> = fc
  .record({
    guid: text.map(quoted),
    created_at: second,
    updated_at: second,
    type: text.map(quoted),
    actor: party,
    target: party,
    data: jsonText,
    space: scope,
    organization: scope,
  })
  .map((texts) => anEventText(1, texts));

/** Where one piece of an event is broken or unusual. */
const oddPiece = fc.oneof(
  fc.constantFrom('null', '7', '"text"', '{}', '[]', 'true', '"2026-03-01T12:00:00.5Z"'),
  fc.constantFrom('-0', '[-0]', '{"a":NaN}', '"\\ud800"', '"\u0001"', '[1e999]', '{"guid":1}'),
  jsonText,
);
const oddEvent: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(
      'guid',
      'created_at',
      'updated_at',
      'type',
      'actor',
      'target',
      'data',
      'space',
      'organization',
      'links',
      'more',
    ),
    fc.option(oddPiece, { nil: undefined }),
  )
  .map(([name, piece]) => anEventText(1, { [name]: piece }));

describe('pageRows', () => {
  it('reads a usual page without help, as readOddPage reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(usualEvent, { minLength: 1, maxLength: 8 }), async (events) => {
        const page = aPageText(events);

        const fast = await fastRows(page);
        const slow = readOddPage(Buffer.from(page), 0);

        // A page that only looks as if it held `-0` or `NaN` may be read slowly.
        fc.pre(fast.every(({ usual }) => usual === true) || /-0|NaN|Infinity/.test(page) === false);
        expect(fast.map(({ usual }) => usual)).toEqual(events.map(() => true));
        expect(fast.map(comparable)).toEqual(slow.events.map((event) => comparable({ ...event })));
        expect(Number(fast[0]?.total_results)).toBe(slow.totalResults);
      }),
      { numRuns: 100 },
    );
  });

  it('stores data byte for byte as readOddPage does, whatever white space is between its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(laidOutJson, { minLength: 1, maxLength: 8 }), async (texts) => {
        const page = aPageText(texts.map((data, index) => anEventText(index + 1, { data })));

        const fast = await fastRows(page);
        const slow = readOddPage(Buffer.from(page), 0);

        expect(slow.events.map(({ data }) => data)).toEqual(fast.map(({ data }) => data));
      }),
      { numRuns: 100 },
    );
  });

  it('calls an event usual only when it reads it as readOddPage does', async () => {
    await fc.assert(
      fc.asyncProperty(oddEvent, async (event) => {
        const page = aPageText([event]);

        const [fast] = await fastRows(page).catch(() => []);
        const [slow] = readOddPage(Buffer.from(page), 0).events;

        if (fast?.usual === true) expect(comparable(fast)).toEqual(comparable({ ...slow }));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '-0',
    '[1,-0]',
    '{"a":-0}',
    '{"a": -0\n}',
    '[\t-0 , 1]',
    '{"a":NaN}',
    '[Infinity]',
    '[ -Infinity ]',
    '{"a":1,"b":{"c":[[-0]]}}',
  ])('does not call usual what DuckDB would change: %s', async (data) => {
    const rows = await fastRows(aPageText([anEventText(1), anEventText(2, { data })]));

    expect(rows.map(({ usual }) => usual)).not.toContain(true);
  });

  it.each(['{"a":"x-0,y","b":"NaN","c":"Infinity","d":-0.5,"e":[10,0],"f":"a -0b"}', '{"a":"-0"}'])(
    'still calls usual what only looks like it: %s',
    async (data) => {
      const rows = await fastRows(aPageText([anEventText(1, { data })]));

      expect(rows).toMatchObject([{ usual: true, data }]);
    },
  );
});
