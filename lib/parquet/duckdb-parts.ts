import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayStage, GuidSet, PartFile, Parts } from '../archive/ports.ts';
import type { Window } from '../domain/window.ts';
import { openDuckDB } from '../duckdb/open-duckdb.ts';
import { DuckDBDayStage } from './day-stage.ts';
import { COUNT_MEMORY } from './guid-set.ts';
import { countEventsOfPartFiles, describePartFile, guidsOfPartFiles } from './part-file.ts';
import { fullWorkFolder, workError } from './work-error.ts';

/** Folders of stages that this process has open: DuckDB's file lock keeps out other processes only. */
const openStages = new Set<string>();

export interface DuckDBPartsOptions {
  /** For what is of no value once the run is over. */
  readonly workDirectory: string;
  /** For stages that a run leaves to the next one; default: in `workDirectory`. */
  readonly stagesDirectory?: string;
  /** Of each stage, such as `192MB`, the default. */
  readonly memoryLimit?: string;
  /** Milliseconds that the run has left; default: no limit. A day whose writing would take longer is left to the next run. */
  readonly remainingMs?: () => number;
}

/** Parts made and read by DuckDB. */
export class DuckDBParts implements Parts {
  readonly #workDirectory: string;
  readonly #stagesDirectory: string;
  readonly #memoryLimit: string;
  readonly #remainingMs: () => number;

  constructor({
    workDirectory,
    stagesDirectory,
    memoryLimit = '192MB',
    remainingMs = () => Number.POSITIVE_INFINITY,
  }: DuckDBPartsOptions) {
    this.#workDirectory = workDirectory;
    this.#stagesDirectory = stagesDirectory ?? join(workDirectory, 'stages');
    this.#memoryLimit = memoryLimit;
    this.#remainingMs = remainingMs;
  }

  async openStage(name: string): Promise<DayStage> {
    const doing = `opening stage ${name} below ${this.#stagesDirectory}`;
    const named = join(this.#stagesDirectory, name);
    if (!openStages.has(named)) {
      try {
        return await this.#openStageIn(named);
      } catch (error) {
        const full = fullWorkFolder(error, doing);
        if (full) throw full;
        // In use by another process, or left half-written by a killed one: a stage is never worth a failed day.
        if (!String(error).includes('Could not set lock')) {
          await rm(named, { recursive: true, force: true }).catch(() => undefined);
        }
      }
    }
    const directory = await this.#newDirectory('stage-', doing);
    try {
      return await this.#openStageIn(directory);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw workError(error, doing);
    }
  }

  async #openStageIn(directory: string): Promise<DayStage> {
    openStages.add(directory);
    const done = (): void => void openStages.delete(directory);
    try {
      await mkdir(directory, { recursive: true });
      const instance = await openDuckDB({
        tempDirectory: join(directory, 'spill'),
        memoryLimit: this.#memoryLimit,
        // A page is one unit of work: a second thread would only wait for it, and double what sorting takes.
        threads: 1,
      });
      try {
        return await DuckDBDayStage.open({
          directory,
          instance,
          memoryLimit: this.#memoryLimit,
          remainingMs: this.#remainingMs,
          onClose: done,
        });
      } catch (error) {
        instance.closeSync();
        throw error;
      }
    } catch (error) {
      done();
      throw error;
    }
  }

  describePart(file: string, day: Window): Promise<PartFile> {
    return this.#withConnection(`reading part ${file}`, (connection) =>
      describePartFile(connection, file, day),
    );
  }

  guidsOfParts(files: readonly string[]): Promise<GuidSet> {
    return this.#withConnection(`reading the GUIDs of ${files.join(', ')}`, (connection) =>
      guidsOfPartFiles(connection, files),
    );
  }

  countEvents(files: readonly string[], window: Window, day: Window): Promise<number> {
    return this.#withConnection(`counting the events of ${files.join(', ')}`, (connection) =>
      countEventsOfPartFiles(connection, files, window, day),
    );
  }

  async #newDirectory(prefix: string, doing: string): Promise<string> {
    try {
      await mkdir(this.#workDirectory, { recursive: true });
      return await mkdtemp(join(this.#workDirectory, prefix));
    } catch (error) {
      throw workError(error, doing);
    }
  }

  /** A database in memory, with a folder of its own: DuckDB clears the folder it spills into when it closes. */
  async #withConnection<T>(
    doing: string,
    use: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    const directory = await this.#newDirectory('read-', doing);
    try {
      // A stage may be open at the same time, with memory of its own.
      const instance = await openDuckDB({
        tempDirectory: directory,
        memoryLimit: COUNT_MEMORY,
        threads: 1,
      });
      const connection = await instance.connect();
      try {
        return await use(connection);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    } catch (error) {
      throw workError(error, doing);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}
