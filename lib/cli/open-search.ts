import type { Configuration } from '../config/configuration.ts';
import { openCoverage } from '../digest/coverage-board.ts';
import { dayOf } from '../domain/day.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { createAthenaClient } from '../engine/athena-client.ts';
import { AthenaEngine } from '../engine/athena-engine.ts';
import { DuckDBEngine } from '../engine/duckdb-engine.ts';
import type { SearchContext } from '../query/search-events.ts';
import { partCache } from '../store/part-cache.ts';
import { cursorKey, partCacheDirectory } from './user-directory.ts';
import { withWorkDirectory } from './work-directory.ts';

/** Ask the configured archive with the configured engine. */
export function withSearch<T>(
  configuration: Configuration,
  store: ObjectStore,
  now: Date,
  use: (context: SearchContext) => Promise<T>,
): Promise<T> {
  const coverage = openCoverage(
    store,
    new Map(configuration.foundations.map((each) => [each.name, each])),
    now,
  );
  const base = {
    store,
    coverage,
    cursorKey,
    maxScanBytes: configuration.maxScanBytes,
    today: dayOf(now),
  };
  if (configuration.engine.kind === 'athena') {
    return use({ ...base, engine: new AthenaEngine(createAthenaClient(), configuration.engine) });
  }
  return withWorkDirectory(async (workDirectory) => {
    const remote = !store.url.startsWith('file:');
    const cache = remote ? await partCacheDirectory(store.url) : workDirectory;
    const engine = await DuckDBEngine.open({ workDirectory, localPart: partCache(store, cache) });
    try {
      return await use({ ...base, engine });
    } finally {
      engine.close();
    }
  });
}
