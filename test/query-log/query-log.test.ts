import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { queryLogStatements } from '../../lib/catalogue/statements.ts';
import { daySchema } from '../../lib/domain/day.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { loggedQuestionSchema } from '../../lib/domain/logged-question.ts';
import { QUESTION_COLUMNS } from '../../lib/domain/question-columns.ts';
import { questionFilterSchema } from '../../lib/domain/question-filter.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { openDuckDB } from '../../lib/duckdb/open-duckdb.ts';
import { DuckDBQuestionDays } from '../../lib/parquet/question-days.ts';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import type { AskedQuestion } from '../../lib/query-log/ports.ts';
import { rollQuestionDays } from '../../lib/query-log/roll-days.ts';
import { searchQueryLog } from '../../lib/query-log/search-query-log.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';

const EU_1 = foundationNameSchema.parse('eu-1');
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJhIn0.c2lnbmF0dXJl';

let directory: string;
let store: FolderObjectStore;
let days: DuckDBQuestionDays;
let now: Date;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'query-log-'));
  store = new FolderObjectStore(join(directory, 'archive'));
  await store.check();
  days = new DuckDBQuestionDays(join(directory, 'spill'));
  now = new Date('2026-03-01T10:00:00.123Z');
});
afterEach(() => rm(directory, { recursive: true }));

const aQuestion = (given: Partial<AskedQuestion> = {}): AskedQuestion => ({
  at: new Date(now.getTime() - 40),
  caller: {
    userGuid: 'u-1',
    userName: 'ann',
    clientId: 'cf',
    scopes: ['cloud_controller.read'],
    token: TOKEN,
  },
  address: '192.0.2.7',
  foundations: [EU_1],
  path: '/v3/audit_events',
  parameters: [['target_guids', 'app-1']],
  purpose: 'INC-4711',
  rows: 3,
  scannedBytes: 4096,
  coverage: undefined,
  status: 200,
  outcome: 'answered',
  ...given,
});

const log = (given: Partial<AskedQuestion> = {}): Promise<void> =>
  createQueryLog({
    store,
    seesAll: ({ scopes }) => scopes.includes('cloud_controller.admin'),
    now: () => now,
    tool: 'test/1',
  })(aQuestion(given));

async function keys(prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

const roll = (since?: string) =>
  rollQuestionDays(
    { store, days, workDirectory: directory, now },
    EU_1,
    since === undefined ? undefined : daySchema.parse(since),
  );

const search = (filter: Record<string, unknown> = {}, page = {}, visibility: unknown = SEES_ALL) =>
  searchQueryLog(
    { store, days, workDirectory: directory, visibility: visibility as typeof SEES_ALL, now },
    EU_1,
    questionFilterSchema.parse({
      from: new Date('2026-03-01T00:00:00Z'),
      to: new Date('2026-04-01T00:00:00Z'),
      ...filter,
    }),
    { order: 'newest', after: undefined, limit: 50, ...page },
  );

describe('createQueryLog', () => {
  it('adds one object a question and foundation, with who, when, from where, what, why and what came of it', async () => {
    await log({ foundations: [EU_1, foundationNameSchema.parse('us-1')] });

    const all = await keys();
    expect(all).toEqual([
      expect.stringMatching(
        /^queries\/v1\/foundation=eu-1\/dt=2026-03-01\/2026-03-01T10:00:00\.123Z-[0-9a-f]{16}\.json$/,
      ),
      expect.stringContaining('queries/v1/foundation=us-1/dt=2026-03-01/'),
    ]);
    const bytes = await store.get(all[0] ?? '');
    expect(loggedQuestionSchema.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))).toEqual({
      format: 'cf-audit-archive/question/v1',
      foundation: 'eu-1',
      foundations: ['eu-1', 'us-1'],
      tool: 'test/1',
      asked_at: '2026-03-01T10:00:00.083Z',
      logged_at: '2026-03-01T10:00:00.123Z',
      user: { guid: 'u-1', name: 'ann', client_id: 'cf' },
      sees: 'roles',
      address: '192.0.2.7',
      path: '/v3/audit_events',
      parameters: [['target_guids', 'app-1']],
      purpose: 'INC-4711',
      status: 200,
      outcome: 'answered',
      rows: 3,
      scanned_bytes: 4096,
      coverage: null,
    });
  });

  it('keeps every one of many questions of one moment', async () => {
    await Promise.all(Array.from({ length: 50 }, () => log()));

    expect(await keys()).toHaveLength(50);
  });

  it('keeps no token, wherever somebody wrote one', async () => {
    const other = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.';
    await log({
      parameters: [
        ['token', TOKEN],
        [`bearer ${other}`, `a ${other} b`],
        ['q', 'Bearer opaque-token'],
      ],
      purpose: TOKEN,
      path: `/v3/${TOKEN}`,
    });

    const [key = ''] = await keys();
    const text = Buffer.from((await store.get(key)) ?? []).toString();
    for (const secret of [TOKEN, other, 'opaque-token']) expect(text).not.toContain(secret);
    expect(text).toContain('[token removed]');
  });

  it('throws when the question cannot be put on record', async () => {
    const broken = Object.assign(Object.create(store), {
      create: async () => {
        throw new ArchiveError('STORE_FULL', 'no room');
      },
    });

    await expect(
      createQueryLog({ store: broken, seesAll: () => true, now: () => now, tool: 't' })(
        aQuestion(),
      ),
    ).rejects.toMatchObject({ code: 'STORE_FULL' });
  });
});

describe('rollQuestionDays', () => {
  it('makes a file of each day that is over, which another reader reads, and does nothing the second time', async () => {
    await log();
    await log({ outcome: 'QUERY_BUSY', status: 503, rows: 0, purpose: undefined });
    now = new Date('2026-03-02T00:59:59.999Z');
    expect(await roll()).toEqual([]);
    now = new Date('2026-03-02T01:00:00Z');
    await log();

    const rolled = await roll();

    const key = 'queries/v1/days/foundation=eu-1/dt=2026-03-01/part-0000.parquet';
    expect(rolled).toEqual([{ dt: '2026-03-01', key, questions: 2 }]);
    const file = await asyncBufferFromFile(join(directory, 'archive', key));
    const rows = await parquetReadObjects({ file, compressors });
    expect(Object.keys(rows[0] ?? {})).toEqual(QUESTION_COLUMNS.map(({ name }) => name));
    expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['QUERY_BUSY', 'answered']);
    expect(rows[0]).toMatchObject({ user_name: 'ann', scanned_bytes: 4096n });
    expect(rows[0]?.logged_at).toEqual(new Date('2026-03-01T10:00:00.123Z'));
    const { schema } = await parquetMetadataAsync(file);
    expect(schema.find(({ name }) => name === 'logged_at')).toMatchObject({
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
    });
    expect(await roll()).toEqual([]);
    // What was made on the way is gone.
    expect((await readdir(directory)).sort()).toEqual(['archive', 'spill']);
  });

  it('adds what came late in a file of its own, and looks at no day before the first', async () => {
    await log();
    now = new Date('2026-03-03T00:00:00Z');
    await roll();
    now = new Date('2026-03-01T23:59:59.999Z');
    await log({ rows: 7 });
    now = new Date('2026-03-03T01:00:00Z');

    expect(await roll('2026-03-02')).toEqual([]);
    expect(await roll('2026-03-01')).toEqual([
      {
        dt: '2026-03-01',
        key: 'queries/v1/days/foundation=eu-1/dt=2026-03-01/part-0001.parquet',
        questions: 1,
      },
    ]);
    expect((await search()).questions.map(({ row_count }) => row_count)).toEqual([7, 3]);
  });

  it('is a table for SQL', async () => {
    await log();
    now = new Date('2026-03-02T01:00:00Z');
    await roll();
    const spec = {
      database: 'd',
      table: 'events',
      location: join(directory, 'archive'),
      foundations: [EU_1],
      firstDay: daySchema.parse('2026-03-01'),
    };
    const instance = await openDuckDB({ tempDirectory: join(directory, 'spill') });
    const connection = await instance.connect();

    for (const { sql } of queryLogStatements('duckdb', spec)) await connection.run(sql);
    const answer = await connection.runAndReadAll(
      "SELECT foundation, user_name, row_count::INT FROM query_log() WHERE dt = '2026-03-01'",
    );

    expect(answer.getRowsJS()).toEqual([['eu-1', 'ann', 3]]);
    connection.closeSync();
    instance.closeSync();
  });

  it('leaves out what is no entry', async () => {
    await log();
    await store.create(
      'queries/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T11:00:00.000Z-00.json',
      Buffer.from('{}'),
    );
    now = new Date('2026-03-03T00:00:00Z');

    expect(await roll()).toMatchObject([{ questions: 1 }]);
  });

  it('gives way to another that rolled the same day meanwhile', async () => {
    await log();
    now = new Date('2026-03-03T00:00:00Z');

    const rolled = await Promise.all([roll(), roll()]);

    expect(rolled.flat()).toHaveLength(1);
    expect(await keys('queries/v1/days/')).toHaveLength(1);
  });
});

describe('searchQueryLog', () => {
  beforeEach(async () => {
    await log();
    await log({ caller: { ...aQuestion().caller, userGuid: 'u-2', userName: 'Bob' } });
    now = new Date('2026-03-02T09:00:00Z');
    await roll();
    await log({
      path: '/api/v1/events',
      parameters: [['space', 'Pay"ments 100%']],
      purpose: undefined,
      outcome: 'QUERY_TOO_LARGE',
    });
  });

  it('finds rolled questions and those of today, newest first, page by page', async () => {
    const { questions, next } = await search({}, { limit: 2 });
    const rest = await search({}, { limit: 2, after: next });

    expect(questions[0]?.path).toBe('/api/v1/events');
    expect([...questions, ...rest.questions]).toHaveLength(3);
    expect(new Set([...questions, ...rest.questions].map(({ id }) => id)).size).toBe(3);
    expect(rest.next).toBeNull();
  });

  it.each([
    [{ users: ['bob'] }, 1],
    [{ users: ['u-1', 'B*'] }, 3],
    [{ clients: ['cf'] }, 3],
    [{ clients: ['c'] }, 0],
    [{ paths: ['/v3/*'] }, 2],
    [{ purposes: ['inc-*'] }, 2],
    [{ purposes: ['%'] }, 0],
    [{ outcomes: ['QUERY_TOO_LARGE'] }, 1],
    [{ addresses: ['192.0.2.*'] }, 3],
    [{ texts: ['APP-1'] }, 2],
    [{ texts: ['pay"ments', '100%'] }, 1],
    [{ texts: ["' OR 1=1 --"] }, 0],
    [{ to: new Date('2026-03-02T00:00:00Z') }, 2],
    [{ from: new Date('2026-03-02T00:00:00Z') }, 1],
    [{ from: new Date('2026-03-01T10:00:00.124Z') }, 1],
  ])('filters by %j', async (filter, count) => {
    expect((await search(filter)).questions).toHaveLength(count);
  });

  it('looks for nothing before the log began, and lists a month at once where nothing is rolled', async () => {
    const list = jest.spyOn(store, 'list');
    const found = await search({
      from: new Date('0001-01-01T00:00:00Z'),
      to: new Date('2026-09-01T00:00:00Z'),
    });
    const listed = list.mock.calls.map(([prefix]) => prefix);

    expect(found.questions).toHaveLength(3);
    // The log's first question, files of six months, the other days of the rolled month, five whole months.
    expect(listed).toHaveLength(1 + 6 + 31 + 5);
    expect(listed.at(-1)).toBe('queries/v1/foundation=eu-1/dt=2026-08-');
  });

  it('has nothing where nothing was ever asked', async () => {
    await rm(join(directory, 'archive', 'queries'), { recursive: true });

    expect(await search({ from: new Date('0001-01-01T00:00:00Z') })).toEqual({
      questions: [],
      next: null,
    });
  });

  it('stops when whoever asks goes away', async () => {
    const signal = AbortSignal.abort();

    await expect(
      searchQueryLog(
        { store, days, workDirectory: directory, visibility: SEES_ALL, now, signal },
        EU_1,
        questionFilterSchema.parse({
          from: new Date('2026-03-01T00:00:00Z'),
          to: new Date('2026-04-01T00:00:00Z'),
        }),
        { order: 'newest', after: undefined, limit: 50 },
      ),
    ).rejects.toBe(signal.reason);
  });

  it('is for those who see everything', async () => {
    const scoped = { kind: 'scoped', spaces: ['s-1'], organizations: ['o-1'] };

    await expect(search({}, {}, scoped)).rejects.toMatchObject({ code: 'SCOPE_INSUFFICIENT' });
  });
});
