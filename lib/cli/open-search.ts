import type { Configuration } from '../config/configuration.ts';
import { openCoverage } from '../digest/coverage-board.ts';
import { dayOf } from '../domain/day.ts';
import type { ObjectStore } from '../domain/object-store.ts';
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
  return withWorkDirectory(async (workDirectory) => {
    const cache = store.url.startsWith('file:')
      ? workDirectory
      : await partCacheDirectory(store.url);
    const engine = await DuckDBEngine.open({ workDirectory, localPart: partCache(store, cache) });
    try {
      return await use({
        store,
        engine,
        coverage,
        cursorKey,
        maxScanBytes: configuration.maxScanBytes,
        today: dayOf(now),
      });
    } finally {
      engine.close();
    }
  });
}
