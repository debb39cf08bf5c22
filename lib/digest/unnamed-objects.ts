import { parseArchiveKey } from '../domain/archive-key.ts';
import { type Day, daysFrom } from '../domain/day.ts';
import type { Digest, DigestDay, NamedObject } from '../domain/digest.ts';
import { coverageAfter, type ManifestFacts, type RunFacts } from '../domain/digest-coverage.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import {
  manifestsPrefix,
  questionDaysPrefix,
  questionsPrefix,
  runsPrefix,
} from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { isNamedKind } from './documents.ts';
import { lookbackFrom } from './lookback.ts';
import { readFacts } from './read-facts.ts';

/** Requests to the store at once. */
const CONCURRENCY = 8;

/**
 * Keys of manifests, run reports and objects of the query log that no link names yet, ascending.
 *
 * Manifests: all are listed; those the previous link counts in its coverage table are named. All others: those of the last days before the previous link are
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
  for (const prefix of recentPrefixes(foundation, previous, today)) {
    for await (const { key } of store.list(prefix)) {
      const kind = parseArchiveKey(key)?.kind;
      if (kind !== undefined && isNamedKind(kind) && !named.has(key)) keys.push(key);
    }
  }
  return keys.sort();
}

/** The oldest day of a link that may name what `unnamedKeys` lists. */
export const lookbackDay = (previous: Digest): Day => lookbackFrom(previous.day);

const recentPrefixes = (
  foundation: FoundationName,
  previous: Digest | undefined,
  today: Day,
): string[] =>
  [runsPrefix, questionsPrefix, questionDaysPrefix]
    .map((prefix) => prefix(foundation))
    .flatMap((prefix) =>
      previous === undefined
        ? [prefix]
        : daysFrom(lookbackDay(previous), today).map((day) => `${prefix}dt=${day}/`),
    );

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
