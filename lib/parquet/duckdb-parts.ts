import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayStage, GuidSet, PartFile, Parts } from '../archive/ports.ts';
import type { Window } from '../domain/window.ts';
import { openDuckDB } from '../duckdb/open-duckdb.ts';
import { DuckDBDayStage } from './day-stage.ts';
import { readGuidSet } from './guid-set.ts';
import { describePartFile, partRows } from './part-file.ts';

/** Parts made and read by DuckDB, below one work folder that holds nothing of value between runs. */
export class DuckDBParts implements Parts {
  readonly #workDirectory: string;
  readonly #memoryLimit: string;

  /** @param memoryLimit - of each stage's database, such as `256MB` */
  constructor(workDirectory: string, memoryLimit = '256MB') {
    this.#workDirectory = workDirectory;
    this.#memoryLimit = memoryLimit;
  }

  async openStage(): Promise<DayStage> {
    await mkdir(this.#workDirectory, { recursive: true });
    const directory = await mkdtemp(join(this.#workDirectory, 'stage-'));
    const instance = await openDuckDB({
      file: join(directory, 'stage.duckdb'),
      tempDirectory: join(directory, 'spill'),
      memoryLimit: this.#memoryLimit,
    });
    return DuckDBDayStage.open(directory, instance);
  }

  describePart(file: string, day: Window): Promise<PartFile> {
    return this.#withConnection((connection) => describePartFile(connection, file, day));
  }

  guidsOfParts(files: readonly string[]): Promise<GuidSet> {
    return this.#withConnection((connection) =>
      readGuidSet(
        connection,
        files.length === 0 ? 'SELECT NULL::VARCHAR AS guid WHERE false' : partRows(files),
      ),
    );
  }

  async #withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const instance = await openDuckDB({
      tempDirectory: join(this.#workDirectory, 'spill'),
      memoryLimit: this.#memoryLimit,
    });
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
}
