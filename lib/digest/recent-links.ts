import type { Digest } from '../domain/digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { type Link, type ListedChain, readLink } from './chain-head.ts';
import { lookbackDay } from './unnamed-objects.ts';

/** The links that may name a run report which the next one could take for new. What cannot be read is left to `verify`: naming a report twice does no harm. */
export async function recentLinks(
  store: ObjectStore,
  chain: ListedChain,
  head: Link | undefined,
): Promise<Digest[]> {
  if (head === undefined) return [];
  const first = lookbackDay(head.digest);
  const older = chain.digests.filter((day) => day >= first && day < head.digest.day);
  const links = await Promise.all(
    older.map((day) =>
      readLink(store, head.digest.foundation, day).catch((error: unknown) => {
        if (error instanceof ArchiveError && error.code === 'DIGEST_INVALID') return undefined;
        throw error;
      }),
    ),
  );
  return [head.digest, ...links.flatMap((link) => (link === undefined ? [] : [link.digest]))];
}
