import type { ObjectStore, StoredObject } from '../domain/object-store.ts';

/** A store whose listings are read once and then given again: for as long as this object is used, new objects are not seen. */
export function rememberedListing(store: ObjectStore): ObjectStore {
  const listings = new Map<string, Promise<readonly StoredObject[]>>();
  const read = (prefix: string): Promise<readonly StoredObject[]> => {
    const reading = Array.fromAsync(store.list(prefix));
    listings.set(prefix, reading);
    reading.catch(() => listings.delete(prefix));
    return reading;
  };
  return {
    url: store.url,
    check: () => store.check(),
    async *list(prefix) {
      yield* await (listings.get(prefix) ?? read(prefix));
    },
    get: (key) => store.get(key),
    localCopy: (key, directory) => store.localCopy(key, directory),
    create: (key, body) => store.create(key, body),
  };
}
