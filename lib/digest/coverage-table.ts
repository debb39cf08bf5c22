import type { DayState } from '../domain/coverage.ts';
import { type Day, dayOf } from '../domain/day.ts';
import type { DigestDay } from '../domain/digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { eventsPrefix, parseRevisionKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { type Link, listChain, readLink } from './chain-head.ts';
import { recentLinks } from './recent-links.ts';
import { contentOf, unnamedKeys } from './unnamed-objects.ts';

/** State of a day since the first that is known. */
export type KnownState = Exclude<DayState, 'before_archive'>;

/** What the archive knows of a foundation's days. */
export interface CoverageTable {
  /** The newest digest; undefined: there is none that can be read. */
  readonly head: Link | undefined;
  /** Ascending. */
  readonly days: readonly DigestDay[];
  /** How many parts of each day there are. */
  readonly parts: ReadonlyMap<Day, number>;
}

/** The coverage table of the newest digest, moved on by what was written since, and the parts that there are. */
export async function readCoverageTable(
  store: ObjectStore,
  foundation: FoundationName,
  now: Date,
): Promise<CoverageTable> {
  const counting = countParts(store, foundation);
  // Awaited last; an earlier failure is the one to tell.
  counting.catch(() => undefined);
  const chain = await listChain(store, foundation);
  const newest = chain.digests.at(-1);
  const head = newest === undefined ? undefined : await readHead(store, foundation, newest);
  const recent = await recentLinks(store, chain, head);
  const keys = await unnamedKeys(store, foundation, head?.digest, recent, dayOf(now));
  const { days } = await contentOf(store, head?.digest.days ?? [], keys);
  return { head, days, parts: await counting };
}

async function countParts(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<ReadonlyMap<Day, number>> {
  const parts = new Map<Day, number>();
  for await (const { key } of store.list(eventsPrefix(foundation))) {
    const day = parseRevisionKey(key)?.day;
    if (day !== undefined) parts.set(day, (parts.get(day) ?? 0) + 1);
  }
  return parts;
}

/** A head that cannot be read is for `verify` to name; the board is then made from all documents. */
async function readHead(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
): Promise<Link | undefined> {
  try {
    return await readLink(store, foundation, day);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'DIGEST_INVALID') return undefined;
    throw error;
  }
}

/** @param parts - how many of the day there are: what is on record and not there is missing, whatever the record says */
export function stateOf(
  day: DigestDay,
  parts: number | undefined,
  unstored: KnownState,
): KnownState {
  if (day.losses.length > 0) return 'lost';
  if (day.status === null) return unstored;
  if ((parts ?? 0) < leastParts(day)) return 'missing';
  return day.status === 'partial' ? 'partial' : 'closed';
}

/** Every revision stored a part, but for a first one of a day that was empty then: by its status, unless that is `partial`. */
const leastParts = ({ events, revisions, status }: DigestDay): number => {
  if (events === 0) return 0;
  return status === 'empty' || status === 'partial' ? Math.max(1, revisions - 1) : revisions;
};
