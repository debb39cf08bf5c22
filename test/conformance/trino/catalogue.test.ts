import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APP_EVENTS } from '../../../lib/catalogue/app-events-view.ts';
import { VIEWS } from '../../../lib/catalogue/views.ts';
import { tableLines } from '../../../lib/cli/table.ts';
import { appEventDescription } from '../../../lib/domain/app-event-description.ts';
import { COLUMNS } from '../../../lib/domain/columns.ts';
import { trinoAbsence } from '../../support/trino-home.ts';
import { type BothEngines, ddl, questionsOfDocument, startBothEngines } from './both-engines.ts';

const absence = trinoAbsence();
const suite = absence === undefined ? describe : describe.skip;

const ALL_DAYS = "foundation = 'sample' AND dt BETWEEN '2026-10-19' AND '2026-11-19'";
const TWO_DAYS = "foundation = 'sample' AND dt BETWEEN '2026-11-18' AND '2026-11-19'";

let engines: BothEngines;

const sizesOfParts = async (day: string): Promise<number[]> => {
  const folder = join(engines.folder, `archive/events/v1/foundation=sample/dt=${day}`);
  const files = await readdir(folder);
  return Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
};

const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

suite(absence ?? 'the archive on Trino', () => {
  beforeAll(async () => {
    engines = await startBothEngines();
  }, 300_000);
  afterAll(() => engines?.stop());

  describe('the table', () => {
    it('has the columns of a part, instants in milliseconds, and the two of its key', async () => {
      const { rows } = await engines.trino.query('SHOW COLUMNS FROM audit_archive.events');

      expect(rows.map(([name, type]) => [name, type])).toEqual([
        ...COLUMNS.map(({ name, type }) => [name, type === 'text' ? 'varchar' : 'timestamp(3)']),
        ['foundation', 'varchar'],
        ['dt', 'varchar'],
      ]);
    });

    it('gives every value of two days as DuckDB does, to the millisecond', async () => {
      const sql = `SELECT * FROM audit_events WHERE ${TWO_DAYS} ORDER BY guid`;

      const { text } = await engines.onTrino(sql);

      expect(text.length).toBeGreaterThan(3000);
      expect(text).toEqual(await engines.onDuckDB(sql));
      expect(text.some((row) => row.at(-1)?.endsWith('Z'))).toBe(true);
    });

    it('has as many events on each day as DuckDB reads from the files', async () => {
      const sql = `SELECT dt, count(*) AS events, count(DISTINCT guid) AS guids, min(created_at) AS first, max(created_at) AS last
        FROM audit_events WHERE ${ALL_DAYS} GROUP BY dt ORDER BY dt`;

      const { text } = await engines.onTrino(sql);

      expect(text).toHaveLength(32);
      expect(text).toEqual(await engines.onDuckDB(sql));
    });

    it('reads the files of the named days only', async () => {
      const bytesOf = async (condition: string): Promise<number> => {
        const sql = `SELECT count(actor_name) FROM events WHERE ${condition}`;
        return (await engines.onTrino(sql)).physicalInputBytes;
      };

      const day = await bytesOf("foundation = 'sample' AND dt = '2026-11-10'");
      const week = await bytesOf(
        "foundation = 'sample' AND dt BETWEEN '2026-11-10' AND '2026-11-16'",
      );
      const month = await bytesOf(ALL_DAYS);

      process.stdout.write(
        `bytes that Trino read: ${day} of a day, ${week} of a week, ${month} of 32 days\n`,
      );
      // A file of less than 3 MB is read whole.
      expect(day).toBe(total(await sizesOfParts('2026-11-10')));
      expect(week).toBeGreaterThan(5 * day);
      expect(week).toBeLessThan(9 * day);
      expect(month).toBeGreaterThan(24 * day);
    });

    it('prunes through a view as well', async () => {
      const { physicalInputBytes } = await engines.onTrino(
        "SELECT count(exit_description) FROM crashes WHERE foundation = 'sample' AND dt = '2026-11-10'",
      );

      expect(physicalInputBytes).toBe(total(await sizesOfParts('2026-11-10')));
    });

    it.each([
      ['a day before the first', "foundation = 'sample' AND dt = '2026-10-01'"],
      ['a foundation that it does not know', "foundation = 'other' AND dt = '2026-11-10'"],
    ])('has no row, and no error, for %s', async (_, condition) => {
      const { text, physicalInputBytes } = await engines.onTrino(
        `SELECT count(*) FROM events WHERE ${condition}`,
      );

      expect({ text, physicalInputBytes }).toEqual({ text: [['0']], physicalInputBytes: 0 });
    });
  });

  describe('files that are no parts', () => {
    const count = async (day: string): Promise<string> => {
      const { rows } = await engines.trino.query(
        `SELECT count(*) FROM odd.events WHERE foundation = 'sample' AND dt = '${day}'`,
      );
      return String(rows[0]?.[0]);
    };
    const put = async (day: string, name: string, bytes: string): Promise<void> => {
      const folder = join(engines.folder, `odd/events/v1/foundation=sample/dt=${day}`);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), bytes);
    };

    beforeAll(async () => {
      await put('2026-11-01', 'part-0000.parquet', '');
      await put(
        '2026-11-02',
        'part-0000.parquet',
        'this is no Parquet file, but it is long enough',
      );
      await put('2026-11-03', '_part-0000.parquet', 'ignored');
      await put('2026-11-03', '.part-0000.parquet', 'ignored');
      // Trino wants the folder of a table to be there.
      await mkdir(join(engines.folder, 'odd/queries/v1/days'), { recursive: true });
      const odd = ['--archive', `file:${join(engines.folder, 'odd')}`, '--foundation', 'sample'];
      const spec = [...odd, '--location', 'local:///odd', '--database', 'odd'];
      for (const sql of await ddl('trino', ...spec, '--first-day', '2026-11-01')) {
        await engines.trino.query(sql);
      }
    });

    it('are no rows when empty: only verify finds that', async () => {
      expect(await count('2026-11-01')).toBe('0');
    });

    it('fail a question when they are something else', async () => {
      await expect(count('2026-11-02')).rejects.toThrow('Malformed Parquet file');
    });

    it('are ignored when their name begins with _ or a dot', async () => {
      expect(await count('2026-11-03')).toBe('0');
    });
  });

  it('reads the query log as DuckDB does', async () => {
    const condition = "foundation = 'sample' AND dt = '2026-11-18' ORDER BY id";
    const columns = 'id, logged_at, user_name, parameters, purpose, row_count, entry';

    const { text } = await engines.onTrino(`SELECT ${columns} FROM query_log WHERE ${condition}`);

    expect(text).toHaveLength(2);
    expect(text).toEqual(
      await engines.onDuckDB(`SELECT ${columns} FROM query_log() WHERE ${condition}`),
    );
  });

  describe('the views', () => {
    it.each(VIEWS.map(({ name }) => name))('gives the rows of %s as DuckDB does', async (name) => {
      const days = ['audit_events', 'app_events'].includes(name) ? TWO_DAYS : ALL_DAYS;
      const sql = `SELECT * FROM ${name} WHERE ${days} ORDER BY guid`;

      const { text } = await engines.onTrino(sql);

      expect(text.length).toBeGreaterThan(0);
      expect(text).toEqual(await engines.onDuckDB(sql));
    });

    it.each(VIEWS.map((view) => [view.name, view] as const))(
      'has the columns and types of %s that Glue is told',
      async (name, view) => {
        const { rows } = await engines.trino.query(`SHOW COLUMNS FROM audit_archive.${name}`);

        expect(
          rows.map(
            ([column, type]) => `${column} ${String(type).replace(/^varchar\(.*/, 'varchar')}`,
          ),
        ).toEqual(
          view.columns.map(({ name: column, type }) => {
            const types = { text: 'varchar', timestamp: 'timestamp(3)', number: 'bigint' };
            return `${column} ${types[type]}`;
          }),
        );
      },
    );

    it('describes every event of an app as cf events does', async () => {
      const rows = await engines.onDuckDB(
        `SELECT data, description FROM app_events WHERE ${ALL_DAYS}`,
      );

      expect(rows.length).toBeGreaterThan(50_000);
      const wrong = rows.filter(
        ([data, description]) => appEventDescription(data ?? null) !== description,
      );
      expect(wrong.slice(0, 5)).toEqual([]);
    });

    it('describes odd shapes of data as cf events does', async () => {
      const documents = [
        null,
        '{}',
        '[]',
        '{"index":0}',
        '{"index":-1,"instances":12345678901,"reason":"it\'s \\"over\\", \\u00e9\\n🚀"}',
        '{"request":null,"index":3}',
        '{"request":{},"index":3}',
        '{"request":"text","index":3}',
        '{"request":[1],"index":3}',
        '{"request":{"state":"STOPPED","recursive":true,"memory":null,"command":""}}',
        '{"request":{"recursive":false,"instances":2},"recursive":true}',
        '{"exit_description":"null","exit_status":137,"cell_id":"c","instance":"i"}',
        '{"reason":"a","reason_code":"b"}',
      ];
      const rows = documents.map((data, index) => {
        const literal = data === null ? 'CAST(NULL AS varchar)' : `'${data.replaceAll("'", "''")}'`;
        return `(${index}, ${literal})`;
      });
      const description = APP_EVENTS.columns.find(({ name }) => name === 'description')?.sql;
      const sql = `SELECT data, ${description} FROM (VALUES ${rows.join(', ')}) AS odd (place, data) ORDER BY place`;

      const answers = [(await engines.onTrino(sql)).text, await engines.onDuckDB(sql)];

      const expected = documents.map((data) => [data, appEventDescription(data)]);
      expect(answers).toEqual([expected, expected]);
    });
  });

  describe('the questions of docs/sql.md', () => {
    const questions = questionsOfDocument();
    const table: string[][] = [];
    afterAll(() => {
      const columns = [
        { title: 'question' },
        { title: 'rows on Trino', align: 'right' as const },
        { title: 'rows on DuckDB', align: 'right' as const },
        { title: 'equal' },
      ];
      process.stdout.write(`\n${tableLines(columns, table).join('\n')}\n`);
    });

    it('are twenty', () => {
      expect(questions.map(({ title }) => Number.parseInt(title, 10))).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    it.each(questions)('$title', async ({ title, sql }) => {
      const { text } = await engines.onTrino(sql);
      const duckdb = await engines.onDuckDB(sql);

      const equal = JSON.stringify(text) === JSON.stringify(duckdb);
      table.push([title, String(text.length), String(duckdb.length), equal ? 'yes' : 'NO']);
      expect(text.length).toBeGreaterThan(0);
      expect(text).toEqual(duckdb);
    });

    it.each(questions)('names foundation and days: $title', ({ sql }) => {
      // Each table that is asked is constrained by itself.
      const asked = sql.match(/^(?:FROM|JOIN|LEFT JOIN) /gm) ?? [];

      expect(sql.match(/foundation = 'sample'/g)).toHaveLength(asked.length);
      expect(sql.match(/\bdt (?:=|BETWEEN) '/g)).toHaveLength(asked.length);
    });
  });
});
