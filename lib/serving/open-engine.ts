import type { Configuration } from '../config/configuration.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QueryEngine } from '../query/ports.ts';

/** Folders of whoever runs the engine. */
export interface EngineFolders {
  /** For what does not fit into memory; its owner removes it. */
  readonly workDirectory: string;
  /** For copies of a remote archive's parts. */
  readonly partsDirectory: () => Promise<string>;
  /** For which parts hold which events. */
  readonly guidIndexDirectory: string;
}

/** The configured engine. @returns it, and what to call when nothing is asked any more */
export async function openEngine(
  configuration: Configuration,
  store: ObjectStore,
  { workDirectory, partsDirectory, guidIndexDirectory }: EngineFolders,
): Promise<{ readonly engine: QueryEngine; readonly close: () => void }> {
  if (configuration.engine.kind === 'athena') {
    // Loaded when it is asked: every other program would wait for its SDK, too.
    const { openAthena } = await import('./open-athena.ts');
    return { engine: openAthena(configuration.engine), close: () => undefined };
  }
  const [{ DuckDBEngine }, { partCache }] = await Promise.all([
    import('../engine/duckdb-engine.ts'),
    import('../store/part-cache.ts'),
  ]);
  const remote = !store.url.startsWith('file:');
  const engine = await DuckDBEngine.open({
    workDirectory,
    localPart: partCache(store, remote ? await partsDirectory() : workDirectory),
    guidIndexDirectory,
  });
  return { engine, close: () => engine.close() };
}
