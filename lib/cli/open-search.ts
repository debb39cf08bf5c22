import type { Configuration } from '../config/configuration.ts';
import { openCoverage } from '../digest/open-coverage.ts';
import { dayOf } from '../domain/day.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { SEES_ALL } from '../domain/visibility.ts';
import type { SearchContext } from '../query/search-events.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { openEngine } from '../serving/open-engine.ts';
import { cursorKey, guidIndexDirectory, partCacheDirectory } from './user-directory.ts';

/** Ask the configured archive with the configured engine. */
export async function withSearch<T>(
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
    const { engine, close } = await openEngine(configuration, store, {
      workDirectory,
      partsDirectory: () => partCacheDirectory(store.url),
      guidIndexDirectory: guidIndexDirectory(store.url),
    });
    try {
      return await use({
        store,
        coverage,
        cursorKey,
        maxScanBytes: configuration.maxScanBytes,
        today: dayOf(now),
        visibility: SEES_ALL,
        engine,
      });
    } finally {
      close();
    }
  });
}
