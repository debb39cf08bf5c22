import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../domain/object-store.ts';
import type { HttpPorts } from '../http/ports.ts';
import type { QuestionFiles } from '../query-log/ports.ts';
import { searchQueryLog } from '../query-log/search-query-log.ts';

/**
 * Searches the query log of an archive.
 *
 * @param workDirectory - for copies, gone after each answer
 * @param openFiles - called when somebody asks, with a folder for what does not fit into memory
 */
export const openQueryLog =
  (
    store: ObjectStore,
    workDirectory: string,
    now: () => Date,
    openFiles: (spillDirectory: string) => Promise<QuestionFiles>,
  ): HttpPorts['queries'] =>
  async (foundation, filter, page, visibility, signal) => {
    const directory = await mkdtemp(join(workDirectory, 'queries-'));
    try {
      const days = await openFiles(join(directory, 'spill'));
      return await searchQueryLog(
        { store, days, workDirectory: directory, visibility, now: now(), signal },
        foundation,
        filter,
        page,
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
