import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../domain/object-store.ts';
import type { HttpPorts } from '../http/ports.ts';

/** Searches the query log of an archive. The database is loaded when somebody asks. @param workDirectory - for copies, gone after each answer */
export const openQueryLog =
  (store: ObjectStore, workDirectory: string, now: () => Date): HttpPorts['queries'] =>
  async (foundation, filter, page, visibility) => {
    const [{ DuckDBQuestionDays }, { searchQueryLog }] = await Promise.all([
      import('../parquet/question-days.ts'),
      import('../query-log/search-query-log.ts'),
    ]);
    const directory = await mkdtemp(join(workDirectory, 'queries-'));
    try {
      const days = new DuckDBQuestionDays(join(directory, 'spill'));
      return await searchQueryLog(
        { store, days, workDirectory: directory, visibility, now: now() },
        foundation,
        filter,
        page,
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
