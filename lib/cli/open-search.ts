import type { Configuration } from '../config/configuration.ts';
import { openCoverage } from '../digest/coverage-board.ts';
import { dayOf } from '../domain/day.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { SEES_ALL } from '../domain/visibility.ts';
import type { AthenaEngineOptions } from '../engine/athena-engine.ts';
import { DuckDBEngine } from '../engine/duckdb-engine.ts';
import type { QueryEngine } from '../query/ports.ts';
import type { SearchContext } from '../query/search-events.ts';
import { partCache } from '../store/part-cache.ts';
import { cursorKey, guidIndexDirectory, partCacheDirectory } from './user-directory.ts';
import { withWorkDirectory } from './work-directory.ts';

/** Loaded when it is asked: every other command would wait for its SDK, too. */
async function openAthena(options: AthenaEngineOptions): Promise<QueryEngine> {
  const [{ createAthenaClient }, { AthenaEngine }] = await Promise.all([
    import('../engine/athena-client.ts'),
    import('../engine/athena-engine.ts'),
  ]);
  return new AthenaEngine(createAthenaClient(), options);
}

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
  const base = {
    store,
    coverage,
    cursorKey,
    maxScanBytes: configuration.maxScanBytes,
    today: dayOf(now),
    visibility: SEES_ALL,
  };
  if (configuration.engine.kind === 'athena') {
    return use({ ...base, engine: await openAthena(configuration.engine) });
  }
  return withWorkDirectory(async (workDirectory) => {
    const remote = !store.url.startsWith('file:');
    const cache = remote ? await partCacheDirectory(store.url) : workDirectory;
    const engine = await DuckDBEngine.open({
      workDirectory,
      localPart: partCache(store, cache),
      guidIndexDirectory: guidIndexDirectory(store.url),
    });
    try {
      return await use({ ...base, engine });
    } finally {
      engine.close();
    }
  });
}
