import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../domain/object-store.ts';

/**
 * Local copies of parts that outlive a run: parts never change, so what was fetched once is fetched for good.
 *
 * A folder archive gives its own files. A copy whose size is not the listed one is fetched again.
 *
 * @param directory - the cache's own, for one archive
 */
export function partCache(
  store: ObjectStore,
  directory: string,
): (part: { readonly key: string; readonly bytes: number }) => Promise<string | undefined> {
  return async ({ key, bytes }) => {
    const path = join(directory, key);
    const cached = await stat(path).catch(() => undefined);
    if (cached?.isFile() && cached.size === bytes) return path;
    return store.localCopy(key, directory);
  };
}
