import { type ArchiveKey, parseArchiveKey } from '../domain/archive-key.ts';
import { type Day, nextDay, startOf } from '../domain/day.ts';
import { type FoundationName, foundationNameSchema } from '../domain/foundation.ts';
import {
  digestsPrefix,
  eventsPrefix,
  manifestsPrefix,
  questionDaysPrefix,
  questionsPrefix,
  runsPrefix,
} from '../domain/object-keys.ts';
import type { ObjectStore, Stray } from '../domain/object-store.ts';
import type { Notes } from './finding.ts';
import { laterKnown } from './grace.ts';

/** What one listing of everything shows of a foundation. */
export interface FoundationCensus {
  objects: number;
  /** Days of parts, manifests, runs and questions. */
  readonly days: Set<Day>;
  readonly digests: Set<Day>;
  readonly signatures: Set<Day>;
  /** The latest instant that the names of objects carry: the beginning of a run, a question, or the end of a stored day. */
  newest: Date | undefined;
}

export interface Census {
  objects: number;
  bytes: number;
  readonly foundations: Map<FoundationName, FoundationCensus>;
}

const emptyCensus = (): FoundationCensus => ({
  objects: 0,
  days: new Set(),
  digests: new Set(),
  signatures: new Set(),
  newest: undefined,
});

/**
 * Go once through the names of all objects. Every object whose name is none of ours is a finding here, and so is what is no object; all others belong to a day that is looked at later.
 * Holds days, never names: a few thousand of them, however many objects there are.
 *
 * @param only - look at this foundation's objects alone
 */
export async function takeCensus(
  store: ObjectStore,
  only: FoundationName | undefined,
  notes: Notes,
): Promise<Census> {
  const census: Census = { objects: 0, bytes: 0, foundations: new Map() };
  for (const prefix of prefixes(only)) {
    for await (const { key, bytes } of store.list(prefix)) {
      census.objects += 1;
      census.bytes += bytes;
      count(census, key, notes);
    }
  }
  for await (const stray of store.strays?.(prefixes(only)) ?? []) noteStray(stray, notes);
  return census;
}

const prefixes = (only: FoundationName | undefined): string[] =>
  only === undefined
    ? ['']
    : [
        eventsPrefix(only),
        manifestsPrefix(only),
        runsPrefix(only),
        questionsPrefix(only),
        questionDaysPrefix(only),
        digestsPrefix(only),
      ];

function count(census: Census, key: string, notes: Notes): void {
  const place = parseArchiveKey(key);
  if (place === undefined) {
    notes.finding({
      kind: 'extra',
      foundation: foundationIn(key),
      day: null,
      object: key,
      meaning: 'this program writes no object of this name',
    });
    return;
  }
  const foundation = census.foundations.get(place.foundation) ?? emptyCensus();
  census.foundations.set(place.foundation, foundation);
  foundation.objects += 1;
  if (place.kind === 'digest') foundation.digests.add(place.day);
  else if (place.kind === 'signature') foundation.signatures.add(place.day);
  else {
    foundation.days.add(place.day);
    foundation.newest = laterKnown(
      foundation.newest,
      instantIn(place) ?? startOf(nextDay(place.day)),
    );
  }
}

const WHY_STRAY: Readonly<Record<Stray['nature'], string>> = {
  link: 'a symbolic link, which is never followed; other readers of the folder may follow it: remove it, or put there the file or folder itself',
  hidden: 'a hidden name, which is never read; other readers of the folder may read it: remove it',
  special: 'neither a file nor a folder: remove it',
  undecodable:
    'its name is not UTF-8, and it is never read; other readers of the folder may read it: remove it',
};

function noteStray({ key, nature }: Stray, notes: Notes): void {
  notes.finding({
    kind: 'extra',
    foundation: foundationIn(`${key}/`),
    day: parseArchiveKey(key)?.day ?? null,
    object: key,
    meaning: WHY_STRAY[nature],
  });
}

const instantIn = (place: ArchiveKey): Date | undefined => {
  if (place.kind === 'run') return place.startedAt;
  return place.kind === 'question' ? place.loggedAt : undefined;
};

const foundationIn = (key: string): FoundationName | null =>
  foundationNameSchema.safeParse(/(?:^|\/)foundation=([^/]+)\//.exec(key)?.[1]).data ?? null;
