import { readFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PageRequest } from '../archive/ports.ts';
import { ArchiveError } from '../domain/errors.ts';
import { windowText } from '../domain/window.ts';
import { appendOddEvents } from './append-rows.ts';
import { readOddPage } from './odd-page.ts';
import { pageRows, STAGED_COLUMNS } from './page-sql.ts';
import { fullWorkFolder, isOutOfMemory } from './work-error.ts';

const COLUMN_NAMES = STAGED_COLUMNS.map((column) => column.split(' ')[0] ?? '');

export const pageText = ({ window, page }: PageRequest): string =>
  `page ${page} of ${windowText(window)}`;

/** A page's body, as received. */
export interface SpooledPage {
  readonly file: string;
  /** By which its rows are told from those of other pages. */
  readonly page: number;
  readonly request: PageRequest;
  readonly collectedAt: Date;
  /** Does something with more memory than the database usually has. */
  readonly withMoreMemory: <T>(task: () => Promise<T>) => Promise<T>;
}

interface StagedPage {
  readonly totalResults: number;
  /** Whether every event has an instant of its own. */
  readonly dated: boolean;
}

/**
 * Put a page's rows into the table `staged`: by the database where the page is as usual, event by event where it is not.
 * @throws ArchiveError PAGE_UNREADABLE when the body is not a whole page of audit events
 */
export const stagePage = async (
  connection: DuckDBConnection,
  page: SpooledPage,
): Promise<StagedPage> =>
  (await stageUsualPage(connection, page)) ?? (await stageOddPage(connection, page));

/** The fast path. Undefined: the page has something unusual, and nothing of it was staged. */
async function stageUsualPage(
  connection: DuckDBConnection,
  { file, page, collectedAt, withMoreMemory }: SpooledPage,
): Promise<StagedPage | undefined> {
  const read = (): Promise<unknown> =>
    connection.run(`CREATE OR REPLACE TEMP TABLE incoming AS ${pageRows(file)}`);
  try {
    await read().catch((error) => {
      if (!isOutOfMemory(error)) throw error;
      return withMoreMemory(read);
    });
  } catch (error) {
    const full = fullWorkFolder(error, 'staging a page');
    if (full) throw full;
    // Invalid UTF-8, a lone surrogate, a truncated body: DuckDB fails the whole statement, and the slow path finds out why.
    return undefined;
  }
  const [facts] = (
    await connection.runAndReadAll(
      `SELECT any_value(total_results) AS total, any_value(resource_count) AS resources, count(*) AS rows, bool_and(usual) AS usual FROM incoming`,
    )
  ).getRowObjectsJS();
  if (facts?.total == null || facts.resources == null) return undefined;
  const staged = { totalResults: Number(facts.total), dated: true };
  if (Number(facts.resources) === 0) return staged;
  if (facts.usual !== true) return undefined;
  await connection.run(
    `INSERT INTO staged SELECT ${page}, seq, ${COLUMN_NAMES.join(', ')}, epoch_ms(${collectedAt.getTime()}) FROM incoming`,
  );
  return staged;
}

async function stageOddPage(
  connection: DuckDBConnection,
  { file, page, request, collectedAt }: SpooledPage,
): Promise<StagedPage> {
  try {
    const odd = readOddPage(await readFile(file), request.window.from.getTime());
    await appendOddEvents(connection, page, odd.events, collectedAt);
    return odd;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new ArchiveError(
      'PAGE_UNREADABLE',
      `${pageText(request)} cannot be read: ${cause.message}`,
      { cause },
    );
  }
}
