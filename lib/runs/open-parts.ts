import type { Parts } from '../archive/ports.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { DuckDBParts } from '../parquet/duckdb-parts.ts';
import { stagesDirectory } from './work-directory.ts';

/**
 * Parts for the runs of one archive on this machine.
 *
 * @param workDirectory - for what is of no value once the run is over
 * @param remainingMs - milliseconds until the run must have stopped
 */
export const openParts = async (
  { url }: ObjectStore,
  workDirectory: string,
  remainingMs: () => number,
): Promise<Parts> =>
  new DuckDBParts({
    workDirectory,
    stagesDirectory: await stagesDirectory(url),
    remainingMs,
  });
