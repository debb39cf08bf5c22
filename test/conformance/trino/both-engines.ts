import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { run } from '../../../lib/cli/program.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import { openDuckDB } from '../../../lib/duckdb/open-duckdb.ts';
import { DuckDBQuestionDays } from '../../../lib/parquet/question-days.ts';
import { createQueryLog } from '../../../lib/query-log/log-questions.ts';
import { rollQuestionDays } from '../../../lib/query-log/roll-days.ts';
import { FolderObjectStore } from '../../../lib/store/folder-object-store.ts';
import { aTerminal } from '../../support/captured-terminal.ts';
import { startTrino, type TrinoServer } from '../../support/trino-server.ts';
import type { TrinoAnswer } from '../../support/trino-statement.ts';

/** Rows as text, so that the answers of two engines can be compared: instants in ISO form, numbers by their digits. */
export type TextRows = readonly (readonly (string | null)[])[];

/** The archive of the demo as a table in two engines, each made by the statements that `ddl` prints. */
export interface BothEngines {
  readonly trino: TrinoServer;
  /** `local:///` of Trino; the archive is in `archive`. */
  readonly folder: string;
  onTrino(sql: string): Promise<TrinoAnswer & { readonly text: TextRows }>;
  onDuckDB(sql: string): Promise<TextRows>;
  stop(): Promise<void>;
}

const SAMPLE = foundationNameSchema.parse('sample');

export const DATABASE = 'audit_archive';

export async function startBothEngines(): Promise<BothEngines> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'both-engines-')));
  await cli('demo', '--directory', folder);
  await askOverHttp(folder);
  const trino = await startTrino({ folder });
  const instance = await openDuckDB({
    tempDirectory: join(folder, 'spill'),
    memoryLimit: '2GB',
  });
  const duckdb = await instance.connect();
  const stop = async (): Promise<void> => {
    duckdb.closeSync();
    instance.closeSync();
    await trino.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const config = ['--config', join(folder, 'cf-audit-archive.yml')];
    for (const sql of await ddl('duckdb', ...config)) await duckdb.run(sql);
    for (const sql of await ddl('trino', ...config, '--location', 'local:///archive')) {
      await trino.query(sql);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    trino,
    folder,
    async onTrino(sql) {
      const answer = await trino.query(sql, { schema: DATABASE });
      return { ...answer, text: trinoText(answer) };
    },
    onDuckDB: (sql) => duckdbText(duckdb, sql),
    stop,
  };
}

/** What the demo's query log would have after two questions on 18 November, the day being rolled. */
async function askOverHttp(folder: string): Promise<void> {
  const store = new FolderObjectStore(join(folder, 'archive'));
  const at = new Date('2026-11-18T09:00:00.123Z');
  const log = createQueryLog({ store, seesAll: () => false, now: () => at, tool: 'test' });
  for (const purpose of ['INC-1', undefined]) {
    await log({
      at,
      caller: { userGuid: 'u-1', userName: 'ann', clientId: 'cf', scopes: [], token: '' },
      address: undefined,
      foundations: [SAMPLE],
      path: '/v3/audit_events',
      parameters: [['target_guids', "o'neill"]],
      purpose,
      rows: 3,
      scannedBytes: 4096,
      coverage: undefined,
      status: 200,
      outcome: 'answered',
    });
  }
  const days = new DuckDBQuestionDays(join(folder, 'spill'));
  const now = new Date('2026-11-19T09:00:00Z');
  await rollQuestionDays({ store, days, workDirectory: folder, now }, SAMPLE, undefined);
}

/** The statements of `ddl`, as it prints them. */
export async function ddl(dialect: string, ...flags: string[]): Promise<string[]> {
  const { statements } = JSON.parse(await cli('ddl', '--dialect', dialect, ...flags, '--json'));
  return statements.map(({ sql }: { sql: string }) => sql);
}

async function cli(...args: string[]): Promise<string> {
  const terminal = aTerminal();
  if ((await run(args, terminal)) !== 0) throw new Error(`${args[0]}: ${terminal.stderr()}`);
  return terminal.stdout();
}

const trinoText = ({ columns, rows }: TrinoAnswer): TextRows =>
  rows.map((row) =>
    row.map((value, index) => {
      if (value === null) return null;
      return columns[index]?.type.startsWith('timestamp') ? isoText(String(value)) : String(value);
    }),
  );

async function duckdbText(connection: DuckDBConnection, sql: string): Promise<TextRows> {
  const result = await connection.runAndReadAll(sql);
  const isInstant = result.columnTypes().map((type) => String(type).startsWith('TIMESTAMP'));
  return result
    .getRows()
    .map((row) =>
      row.map((value, index) =>
        value === null ? null : isInstant[index] ? isoText(String(value)) : String(value),
      ),
    );
}

const isoText = (sqlInstant: string): string =>
  new Date(`${sqlInstant.replace(' ', 'T')}Z`).toISOString();

export interface Question {
  readonly title: string;
  readonly sql: string;
}

/** The questions of docs/sql.md: each heading with a block of SQL below it. */
export function questionsOfDocument(): Question[] {
  const file = join(import.meta.dirname, '..', '..', '..', 'docs', 'sql.md');
  return [...readFileSync(file, 'utf8').matchAll(/^### (.+)\n\n```sql\n([^`]+)\n```$/gm)].map(
    ([, title = '', sql = '']) => ({ title, sql }),
  );
}
