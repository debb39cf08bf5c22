import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayStage, GuidSet, PartFile, Parts } from '../archive/ports.ts';
import type { Window } from '../domain/window.ts';
import { openDuckDB } from '../duckdb/open-duckdb.ts';
import { DuckDBDayStage } from './day-stage.ts';
import { describePartFile, guidsOfPartFiles } from './part-file.ts';
import { workError } from './work-error.ts';

/** Parts made and read by DuckDB, below one work folder that holds nothing of value between runs. */
export class DuckDBParts implements Parts {
  readonly #workDirectory: string;
  readonly #memoryLimit: string;

  /** @param memoryLimit - of each stage's database, such as `192MB` */
  constructor(workDirectory: string, memoryLimit = '192MB') {
    this.#workDirectory = workDirectory;
    this.#memoryLimit = memoryLimit;
  }

  async openStage(): Promise<DayStage> {
    const doing = `opening a stage below ${this.#workDirectory}`;
    const directory = await this.#newDirectory('stage-', doing);
    try {
      const instance = await openDuckDB({
        file: join(directory, 'stage.duckdb'),
        tempDirectory: join(directory, 'spill'),
        memoryLimit: this.#memoryLimit,
      });
      return await DuckDBDayStage.open(directory, instance);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw workError(error, doing);
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
      const instance = await openDuckDB({
        tempDirectory: directory,
        memoryLimit: this.#memoryLimit,
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
