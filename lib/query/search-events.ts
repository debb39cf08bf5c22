import { type ArchivePolicy, closesAt } from '../domain/archive-policy.ts';
import type { EventRow } from '../domain/columns.ts';
import { type Coverage, type CoveredDay, summarizeCoverage } from '../domain/coverage.ts';
import { type Day, dayOf, daysFrom, monthsFrom } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { plusMs } from '../domain/instant.ts';
import { manifestSchema } from '../domain/manifest.ts';
import {
  eventsPrefix,
  manifestKey,
  manifestsPrefix,
  parseRevisionKey,
} from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QueryEngine } from './ports.ts';

export interface SearchContext {
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly policies: ReadonlyMap<FoundationName, ArchivePolicy>;
  readonly now: Date;
  /** Where copies of parts of a remote archive go. */
  readonly cacheDirectory: string;
}

export interface EventAnswer {
  readonly events: readonly EventRow[];
  /** Whether more events match than the limit let through. */
  readonly more: boolean;
  readonly coverage: Coverage;
  /** Compressed bytes of the parts that were read. */
  readonly scannedBytes: number;
}

/** Answer one question over the parts of the asked days, and say how complete the answer is. */
export async function searchEvents(
  context: SearchContext,
  query: EventQuery,
): Promise<EventAnswer> {
  const first = dayOf(query.from);
  const last = dayOf(plusMs(query.to, -1));
  const files: string[] = [];
  const days: CoveredDay[] = [];
  let scannedBytes = 0;
  for (const foundation of query.foundations) {
    const parts = await listParts(context.store, foundation, first, last);
    for (const { key, bytes } of parts) {
      const file = await context.store.localCopy(key, context.cacheDirectory);
      if (file === undefined) continue;
      files.push(file);
      scannedBytes += bytes;
    }
    days.push(...(await coveredDays(context, foundation, first, last)));
  }
  const rows = files.length === 0 ? [] : await context.engine.search(query, files);
  return {
    events: rows.slice(0, query.limit),
    more: rows.length > query.limit,
    coverage: summarizeCoverage(days),
    scannedBytes,
  };
}

async function listParts(
  store: ObjectStore,
  foundation: FoundationName,
  first: Day,
  last: Day,
): Promise<{ key: string; bytes: number }[]> {
  const parts: { key: string; bytes: number }[] = [];
  const begin = await firstStoredDay(store, foundation);
  for (const month of monthsFrom(begin !== undefined && begin > first ? begin : first, last)) {
    for await (const { key, bytes } of store.list(`${eventsPrefix(foundation)}dt=${month}-`)) {
      const revision = parseRevisionKey(key);
      if (revision && revision.day >= first && revision.day <= last) parts.push({ key, bytes });
    }
  }
  return parts;
}

/** The first day of a foundation that the archive has; undefined when it has none. */
export async function firstStoredDay(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<Day | undefined> {
  for await (const { key } of store.list(manifestsPrefix(foundation))) {
    const revision = parseRevisionKey(key);
    if (revision) return revision.day;
  }
  return undefined;
}

async function coveredDays(
  { store, policies, now }: SearchContext,
  foundation: FoundationName,
  first: Day,
  last: Day,
): Promise<CoveredDay[]> {
  const archiveBegins = await firstStoredDay(store, foundation);
  const begin = archiveBegins !== undefined && archiveBegins > first ? archiveBegins : first;
  const stored = await storedDays(store, foundation, begin, last);
  const policy = policies.get(foundation);
  return Promise.all(
    daysFrom(first, last).map(async (dt) => {
      const revision = stored.get(dt);
      if (revision !== undefined) {
        const partial = await isPartial(store, foundation, dt, revision);
        return { foundation, dt, state: partial ? 'partial' : 'closed' } as const;
      }
      if (policy && closesAt(dt, policy) > now) return { foundation, dt, state: 'open' } as const;
      const before = archiveBegins === undefined || dt < archiveBegins;
      return { foundation, dt, state: before ? 'before_archive' : 'missing' } as const;
    }),
  );
}

/** Lowest revision of a manifest by day. */
async function storedDays(
  store: ObjectStore,
  foundation: FoundationName,
  first: Day,
  last: Day,
): Promise<Map<Day, number>> {
  const days = new Map<Day, number>();
  for (const month of monthsFrom(first, last)) {
    for await (const { key } of store.list(`${manifestsPrefix(foundation)}dt=${month}-`)) {
      const revision = parseRevisionKey(key);
      if (revision && !days.has(revision.day)) days.set(revision.day, revision.revision);
    }
  }
  return days;
}

/** A day is as complete as its first revision was; a manifest that cannot be read proves nothing. */
async function isPartial(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
  revision: number,
): Promise<boolean> {
  const bytes = await store.get(manifestKey(foundation, day, revision));
  if (!bytes) return true;
  try {
    const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return manifest.status === 'partial';
  } catch {
    return true;
  }
}
