import { parseArchiveKey } from '../domain/archive-key.ts';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../domain/day.ts';
import type { Digest, DigestDay, NamedObject } from '../domain/digest.ts';
import { coverageAfter, type ManifestFacts, type RunFacts } from '../domain/digest-coverage.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { manifestsPrefix, runsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { readFacts } from './read-facts.ts';

/**
 * How far before the previous link's day a run may have begun that was still at work when that link was made.
 * A report that appears later than this is never named, and `verify` says so.
 */
const RUN_LOOKBACK_DAYS = 7;

/** Requests to the store at once. */
const CONCURRENCY = 8;

const daysBefore = (day: Day, days: number): Day =>
  dayOf(new Date(startOf(day).getTime() - days * DAY_MS));

/**
 * Keys of manifests and run reports that no link names yet, ascending.
 *
 * Manifests: all are listed; those the previous link counts in its coverage table are named. Run reports: those of the last days before the previous link are
 * listed and compared with what the links of these days name. So the cost is one LIST per thousand manifests and a few digests, however long the chain is.
 *
 * @param recent - links from the previous one back to the lookback, in any order; empty for the first digest, which names everything
 */
export async function unnamedKeys(
  store: ObjectStore,
  foundation: FoundationName,
  previous: Digest | undefined,
  recent: readonly Digest[],
  today: Day,
): Promise<string[]> {
  const revisions = new Map(previous?.days.map((day) => [day.dt, day.revisions]));
  const keys: string[] = [];
  for await (const { key } of store.list(manifestsPrefix(foundation))) {
    const place = parseArchiveKey(key);
    if (place?.kind === 'manifest' && place.revision >= (revisions.get(place.day) ?? 0)) {
      keys.push(key);
    }
  }
  const named = new Set(recent.flatMap(({ objects }) => objects.map(({ key }) => key)));
  for (const prefix of runPrefixes(foundation, previous, today)) {
    for await (const { key } of store.list(prefix)) {
      if (parseArchiveKey(key)?.kind === 'run' && !named.has(key)) keys.push(key);
    }
  }
  return keys.sort();
}

/** The oldest day of a link that may name a run report which `unnamedKeys` lists. */
export const lookbackDay = (previous: Digest): Day => daysBefore(previous.day, RUN_LOOKBACK_DAYS);

const runPrefixes = (
  foundation: FoundationName,
  previous: Digest | undefined,
  today: Day,
): string[] =>
  previous === undefined
    ? [runsPrefix(foundation)]
    : daysFrom(lookbackDay(previous), today).map((day) => `${runsPrefix(foundation)}dt=${day}/`);

/** What a new link names, and the table that follows from it. */
export interface LinkContent {
  readonly objects: readonly NamedObject[];
  readonly days: readonly DigestDay[];
  /** Objects that are not what their keys say; a signature would vouch for them, so they stay unnamed. */
  readonly refused: readonly { readonly key: string; readonly problem: string }[];
}

/** @param keys - ascending */
export async function contentOf(
  store: ObjectStore,
  before: readonly DigestDay[],
  keys: readonly string[],
): Promise<LinkContent> {
  const limited = limitConcurrency(CONCURRENCY);
  const objects: NamedObject[] = [];
  const manifests: ManifestFacts[] = [];
  const runs: RunFacts[] = [];
  const refused: { key: string; problem: string }[] = [];
  const bodies = keys.map((key) => limited(() => readFacts(store, key)));
  // One of them may fail while an earlier one is awaited.
  for (const body of bodies) body.catch(() => undefined);
  for (const [index, key] of keys.entries()) {
    const facts = await bodies[index];
    if (facts === undefined) refused.push({ key, problem: 'it is listed but not there' });
    else if (facts.problem !== undefined) refused.push({ key, problem: facts.problem });
    else {
      objects.push({ key, sha256: facts.sha256 });
      if (facts.manifest) manifests.push(facts.manifest);
      if (facts.run) runs.push(facts.run);
    }
  }
  return { objects, days: coverageAfter(before, manifests, runs), refused };
}
