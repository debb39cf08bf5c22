import type { EventRow } from '../domain/columns.ts';
import { type Coverage, isSettled, summarizeCoverage } from '../domain/coverage.ts';
import { type Position, readCursor, writeCursor } from '../domain/cursor.ts';
import { type Day, dayOf, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { EARLIEST, type EventQuery } from '../domain/event-query.ts';
import { laterOf, plusMs } from '../domain/instant.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { seesNothing, type Visibility } from '../domain/visibility.ts';
import { guardCost } from './cost-guard.ts';
import { listParts } from './list-parts.ts';
import type { CoverageReader, ListedPart, QueryEngine } from './ports.ts';

export interface SearchContext {
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly coverage: CoverageReader;
  /** What cursors are signed with, 32 bytes. */
  readonly cursorKey: () => Promise<Uint8Array>;
  /** Bytes that one question may read; undefined: any number. */
  readonly maxScanBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The UTC day it is. */
  readonly today: Day;
  /** What whoever asks may see. `scoped` is meant of one foundation, so such a question is about exactly one. Coverage is no event, and is told to anybody. */
  readonly visibility: Visibility;
  /** Who asks, as far as cursors are concerned: a cursor of another subject is refused. Default: nobody in particular. */
  readonly subject?: string | undefined;
}

export interface EventAnswer {
  readonly events: readonly EventRow[];
  /** For the next page; null when this is the last one. */
  readonly nextCursor: string | null;
  readonly coverage: Coverage;
  /** Compressed bytes that the engine read. */
  readonly scannedBytes: number;
  /** What that cost, in US dollars; 0 with an engine that costs nothing. */
  readonly dollars: number;
}

/** What a question touches. */
export interface Survey {
  readonly coverage: Coverage;
  /** Ascending by foundation and day. */
  readonly parts: readonly ListedPart[];
}

/** All rows of an answer, while they come. */
export interface EventStream {
  readonly coverage: Coverage;
  readonly batches: AsyncIterable<readonly EventRow[]>;
  /** Final once the last batch is read, like the next. */
  readonly scannedBytes: () => number;
  readonly dollars: () => number;
}

/**
 * One page of the answer to a question, and how complete it is.
 *
 * @throws ArchiveError CURSOR_INVALID, QUERY_INVALID, QUERY_TOO_LARGE, and what store and engine throw
 */
export async function searchEvents(
  context: SearchContext,
  asked: EventQuery,
  cursor?: string,
): Promise<EventAnswer> {
  const { query, after } =
    cursor === undefined
      ? { query: asked, after: undefined }
      : readCursor(cursor, asked, await context.cursorKey(), context.subject);
  const { coverage, parts } = await survey(context, query);
  const closed = isSettled(coverage);
  const { rows, scannedBytes, dollars } = await readPage(context, query, parts, { after, closed });
  const events = rows.slice(0, query.limit);
  const last = events.at(-1);
  const more = rows.length > query.limit && last?.created_at;
  return {
    events,
    nextCursor: more
      ? writeCursor(
          query,
          { createdAt: more, guid: last.guid },
          await context.cursorKey(),
          context.subject,
        )
      : null,
    coverage,
    scannedBytes,
    dollars,
  };
}

/** Every row of the answer to a question, whatever its `limit`: for reports and exports. @param surveyed - what `survey` said of it, where that is known already. Throws as `searchEvents` does. */
export async function streamEvents(
  context: SearchContext,
  query: EventQuery,
  surveyed?: Survey,
): Promise<EventStream> {
  const { coverage, parts } = surveyed ?? (await survey(context, query));
  if (parts.length === 0)
    return { coverage, batches: nothing(), scannedBytes: () => 0, dollars: () => 0 };
  return {
    coverage,
    ...context.engine.rows(query, parts, {
      visibility: context.visibility,
      signal: context.signal,
      closed: isSettled(coverage),
    }),
  };
}

async function* nothing(): AsyncGenerator<readonly EventRow[]> {
  // A range without parts has no rows.
}

/** One row more than the page holds, when there is one. */
async function readPage(
  { engine, signal, visibility }: SearchContext,
  query: EventQuery,
  parts: readonly ListedPart[],
  { after, closed }: { readonly after: Position | undefined; readonly closed: boolean },
): Promise<{ rows: EventRow[]; scannedBytes: number; dollars: number }> {
  if (parts.length === 0) return { rows: [], scannedBytes: 0, dollars: 0 };
  const limit = query.limit + 1;
  const found = engine.rows(query, parts, { visibility, after, limit, signal, closed });
  const rows = (await Array.fromAsync(found.batches)).flat();
  return { rows, scannedBytes: found.scannedBytes(), dollars: found.dollars() };
}

/** What there is to read, and how complete it is. Without anything to see there is nothing to read. Nothing older than the first known day is looked for: a range may begin in 1970. */
export async function survey(
  { store, coverage: coverageOf, maxScanBytes, visibility }: SearchContext,
  query: EventQuery,
): Promise<Survey> {
  if (visibility.kind === 'scoped' && query.foundations.length !== 1) {
    throw new ArchiveError(
      'QUERY_INVALID',
      'whoever does not see everything asks one foundation at a time: name it',
    );
  }
  const [first, last] = [dayOf(query.from), dayOf(plusMs(query.to, -1))];
  const days = (
    await Promise.all(query.foundations.map((name) => coverageOf(name, first, last)))
  ).flat();
  const known = days.filter(({ state }) => state !== 'before_archive').map(({ dt }) => dt);
  const begin = known.reduce<Day | undefined>(
    (a, b) => (a === undefined || b < a ? b : a),
    undefined,
  );
  const parts =
    begin === undefined || seesNothing(visibility)
      ? []
      : await listParts(store, { ...query, from: laterOf(startOf(begin), query.from) });
  guardCost(parts, maxScanBytes);
  return { coverage: summarizeCoverage(days), parts };
}

/** Where a range begins that would begin at `begin`: not before any event could be; and when it ends before that, with its last day, so that the answer has a day to tell of. @param to - later than `FIRST_INSTANT` */
export function beginBefore(begin: Date, to: Date): Date {
  const from = laterOf(begin, EARLIEST);
  return from < to ? from : startOf(dayOf(plusMs(to, -1)));
}

/** The first instant of the first day that the archive knows of any of the foundations; of today, when it knows none. */
export async function archiveBegin(
  { coverage, today }: Pick<SearchContext, 'coverage' | 'today'>,
  foundations: EventQuery['foundations'],
): Promise<Date> {
  const days = await Promise.all(foundations.map((name) => coverage(name, undefined, today)));
  const known = days.flat().map(({ dt }) => dt);
  return startOf(known.reduce((a, b) => (b < a ? b : a), today));
}
