import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { COLUMNS } from '../../lib/domain/columns.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { QUESTION_COLUMNS } from '../../lib/domain/question-columns.ts';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { aTerminal } from '../support/captured-terminal.ts';
import { anEventRow } from '../support/event-rows.ts';
import { writeRowParts } from '../support/row-parts.ts';

const ARCHIVE = ['--archive', 's3://my-audit-archive', '--foundation', 'eu-1'];
const FIRST_DAY = ['--first-day', '2026-01-01'];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-ddl-'));
  await writeFile(
    join(directory, 'c.yml'),
    `archive: file:./archive
foundations:
  - { name: eu-1, api: "https://api.example.org", client_id: x, client_secret: { env: X } }
  - { name: us-1, api: "https://api.example.com", client_id: x, client_secret: { env: X }, retention_days: 60 }
`,
  );
  await writeFile(
    join(directory, 's3.yml'),
    `archive: s3://my-audit-archive
foundations:
  - { name: eu-1, api: "https://api.example.org", client_id: x, client_secret: { env: X } }
engine: { athena: { workgroup: w, database: audit, table: everything } }
`,
  );
});
afterAll(() => rm(directory, { recursive: true }));

async function ddl(...flags: string[]) {
  const terminal = aTerminal();
  const exitCode = await run(['ddl', ...flags], terminal);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

const ofConfiguration = (dialect: string, ...flags: string[]) =>
  ddl('--dialect', dialect, '--config', join(directory, 'c.yml'), ...flags);

const text = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, `${name}.sql`), 'utf8');

describe('ddl', () => {
  it.each(['athena', 'trino', 'duckdb'])('prints table and views for %s', async (dialect) => {
    const { exitCode, stdout, stderr } = await ddl('--dialect', dialect, ...ARCHIVE, ...FIRST_DAY);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(await text(dialect));
  });

  it('names every column of a part once, in order, in each dialect', async () => {
    const names = COLUMNS.map(({ name }) => name);

    for (const dialect of ['athena', 'trino']) {
      const { statements } = JSON.parse(
        (await ddl('--dialect', dialect, ...ARCHIVE, ...FIRST_DAY, '--json')).stdout,
      );
      const { sql } = statements.find(({ kind }: { kind: string }) => kind === 'table');
      const columns = [...sql.matchAll(/^ {2}`?([a-z_]+)`? (?:string|varchar|timestamp)/gm)];

      expect(columns.map(([, name]) => name).filter((name) => names.includes(name))).toEqual(names);
    }
  });

  it('gives Glue the table that Athena makes of the statement', async () => {
    const { stdout } = await ddl('--dialect', 'athena', ...ARCHIVE, ...FIRST_DAY, '--json');

    const { glue } = JSON.parse(stdout);
    expect(glue.table).toEqual({
      Name: 'events',
      Description: 'Audit events of Cloud Foundry, a partition for each foundation and UTC day',
      Owner: 'cf-audit-archive',
      TableType: 'EXTERNAL_TABLE',
      Parameters: {
        EXTERNAL: 'TRUE',
        classification: 'parquet',
        'projection.enabled': 'true',
        'projection.foundation.type': 'enum',
        'projection.foundation.values': 'eu-1',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': '2026-01-01,NOW',
        'projection.dt.interval': '1',
        'projection.dt.interval.unit': 'DAYS',
        'storage.location.template':
          's3://my-audit-archive/events/v1/foundation=${' + 'foundation}/dt=${' + 'dt}/',
      },
      PartitionKeys: [
        { Name: 'foundation', Type: 'string' },
        { Name: 'dt', Type: 'string' },
      ],
      StorageDescriptor: {
        Columns: COLUMNS.map(({ name, type }) => ({
          Name: name,
          Type: type === 'text' ? 'string' : 'timestamp',
        })),
        Location: 's3://my-audit-archive/events/v1/',
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          Parameters: { 'serialization.format': '1' },
        },
      },
    });
  });

  it('gives Glue each view with the SELECT of its statement, base64 as Athena stores it', async () => {
    const { stdout } = await ddl('--dialect', 'athena', ...ARCHIVE, ...FIRST_DAY, '--json');

    const { glue, statements } = JSON.parse(stdout);
    expect(glue.query_log).toMatchObject({
      Name: 'query_log',
      StorageDescriptor: { Location: 's3://my-audit-archive/queries/v1/days/' },
    });
    const views = statements.filter(({ kind }: { kind: string }) => kind === 'view');
    expect(glue.views.map(({ Name }: { Name: string }) => Name)).toEqual(
      views.map(({ name }: { name: string }) => name),
    );
    for (const [index, view] of glue.views.entries()) {
      expect(view).toMatchObject({
        Owner: 'cf-audit-archive',
        Description: 'Presto View',
        TableType: 'VIRTUAL_VIEW',
        Parameters: { presto_view: 'true' },
        ViewExpandedText: '/* Presto View */',
      });
      const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view.ViewOriginalText) ?? [];
      const definition = JSON.parse(Buffer.from(encoded, 'base64').toString());
      expect(definition).toMatchObject({ catalog: 'awsdatacatalog', schema: 'audit_archive' });
      expect(
        `CREATE OR REPLACE VIEW "audit_archive"."${view.Name}" AS\n${definition.originalSql}`,
      ).toBe(views[index].sql);
      expect(definition.columns.map(({ name }: { name: string }) => name)).toEqual(
        view.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name),
      );
    }
  });

  it('takes the names of database and table from the engine of the configuration', async () => {
    const config = ['--config', join(directory, 's3.yml'), ...FIRST_DAY, '--json'];

    const configured = await ddl('--dialect', 'athena', ...config);
    const written = await ddl('--dialect', 'athena', ...config, '--database', 'Other');

    expect(JSON.parse(configured.stdout)).toMatchObject({ database: 'audit', table: 'everything' });
    expect(JSON.parse(written.stdout)).toMatchObject({ database: 'other', table: 'everything' });
  });

  it('takes archive and foundations from the configuration, and of an empty archive all that can still come', async () => {
    await mkdir(join(directory, 'archive'));

    const { stdout } = await ofConfiguration('trino', '--now', '2026-03-12T06:00:00Z', '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      dialect: 'trino',
      database: 'audit_archive',
      table: 'events',
      location: `local://${directory}/archive`,
      foundations: ['eu-1', 'us-1'],
      first_day: '2026-01-10',
      glue: null,
    });
  });

  it('begins with the first archived day', async () => {
    for (const [foundation, day] of [
      ['eu-1', '2026-02-04'],
      ['us-1', '2026-02-03'],
    ] as const) {
      await new FolderObjectStore(join(directory, 'archive')).create(
        `manifests/v1/foundation=${foundation}/dt=${day}/r0000.json`,
        Buffer.from('{}'),
      );
    }

    const { stdout } = await ofConfiguration('duckdb', '--json');

    expect(JSON.parse(stdout).first_day).toBe('2026-02-03');
  });

  it('makes views for DuckDB that take nothing from the name of a folder above the archive, and read only the days asked for', async () => {
    const above = join(directory, 'dt=2020-01-01', 'type=production');
    const archive = join(above, 'foundation=a?b');
    const foundation = foundationNameSchema.parse('eu-1');
    const rows = ['2026-03-01', '2026-03-02', '2026-03-03'].map((day) =>
      anEventRow({ guid: `of ${day}`, created_at: new Date(day) }),
    );
    await writeRowParts(archive, foundation, rows);
    await writeRowParts(join(above, 'foundation=axb'), foundation, rows);
    const place = ['--archive', `file:${archive}`, '--foundation', 'eu-1', ...FIRST_DAY];
    const { stdout } = await ddl('--dialect', 'duckdb', ...place);

    const instance = await openDuckDB({ tempDirectory: join(directory, 'spill') });
    const connection = await instance.connect();
    try {
      const questions = join(archive, 'queries/v1/days/foundation=eu-1/dt=2026-03-01');
      await mkdir(questions, { recursive: true });
      const empty = QUESTION_COLUMNS.map(({ name }) => `NULL::VARCHAR AS ${name}`).join();
      await connection.run(
        `COPY (SELECT ${empty}) TO '${questions}/part-0000.parquet' (FORMAT parquet)`,
      );
      await connection.run(stdout);
      const answer = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();

      expect(
        await answer('SELECT foundation, dt, type, guid FROM audit_events ORDER BY dt LIMIT 2'),
      ).toEqual([
        ['eu-1', '2026-03-01', 'audit.app.update', 'of 2026-03-01'],
        ['eu-1', '2026-03-02', 'audit.app.update', 'of 2026-03-02'],
      ]);
      expect(await answer('SELECT foundation, dt FROM query_log()')).toEqual([
        ['eu-1', '2026-03-01'],
      ]);
      const plan = await answer(
        "EXPLAIN ANALYZE SELECT * FROM audit_events WHERE foundation = 'eu-1' AND dt >= '2026-03-02'",
      );
      expect(String(plan)).toContain('Scanning Files: 2/3');
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });

  it.each([
    [['--dialect', 'oracle'], 'Allowed choices are athena, trino, duckdb'],
    [[], "required option '--dialect <engine>' not specified"],
    [
      ['--dialect', 'trino', ...ARCHIVE, '--table', 'a-b'],
      '--table a-b: write 1 to 255 of a-z, 0-9 and _ (no engine takes all others)',
    ],
    [
      ['--dialect', 'trino', ...ARCHIVE, '--database', '"; DROP'],
      '--database "; DROP: write 1 to 255 of a-z, 0-9 and _ (no engine takes all others)',
    ],
    [
      ['--dialect', 'trino', ...ARCHIVE, '--table', 'Crashes'],
      '--table crashes: a view has this name; choose another, such as events',
    ],
    [
      ['--dialect', 'athena', '--archive', 'file:/a', '--foundation', 'eu-1'],
      'Athena reads S3 only, and the archive is file:/a: write --archive s3://BUCKET, or --dialect duckdb or trino',
    ],
    [
      ['--dialect', 'duckdb', '--archive', 'gs://a', '--foundation', 'eu-1'],
      '--archive: "gs://a" is not the place of an archive; write file:PATH or s3://BUCKET',
    ],
    [
      ['--dialect', 'duckdb', ...ARCHIVE, '--foundation', 'EU'],
      '--foundation EU: use 1 to 32 of a-z, 0-9 and -, not beginning with -',
    ],
    [
      ['--dialect', 'duckdb', ...ARCHIVE, '--first-day', 'NOW'],
      '--first-day NOW: write a UTC day such as 2026-03-01',
    ],
    [
      ['--dialect', 'duckdb', '--archive', 'file:/absent', '--foundation', 'eu-1'],
      'the folder does not exist; create it or correct --archive',
    ],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await ddl(...flags);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses a foundation that the configuration does not have', async () => {
    const { exitCode, stderr } = await ofConfiguration('duckdb', '--foundation', 'eu-2');

    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      '--foundation eu-2: the configuration has no such foundation; it has eu-1, us-1\n',
    );
  });
});
