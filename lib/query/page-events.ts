import { createHash } from 'node:crypto';
import type { EventRow } from '../domain/columns.ts';
import { type Coverage, isSettled } from '../domain/coverage.ts';
import { type Day, windowOf } from '../domain/day.ts';
import { type EventQuery, queryFingerprint } from '../domain/event-query.ts';
import type { DayCounts } from './day-counts.ts';
import type { DayRange, EngineGroups, ListedPart } from './ports.ts';
import { type SearchContext, type Survey, survey } from './search-events.ts';

/** A page by its number, as an answer that can be counted has it. */
export interface EventPage {
  /** Rows that answer the question, on all pages. */
  readonly total: number;
  readonly events: readonly EventRow[];
  readonly coverage: Coverage;
  readonly scannedBytes: number;
  readonly dollars: number;
}

interface CountedDay {
  readonly dt: Day;
  readonly parts: readonly ListedPart[];
  readonly rows: number;
}

type Cost = Pick<EngineGroups, 'scannedBytes' | 'dollars'>;

/**
 * The `query.limit` rows behind the first `offset`, and how many there are: in the order of day, `created_at` and GUID.
 *
 * Each day's rows are counted once and remembered, so only the days that hold the page are read (docs/decisions/0009).
 *
 * @throws ArchiveError as `searchEvents` does
 */
export async function pageEvents(
  context: SearchContext,
  counts: DayCounts,
  query: EventQuery,
  offset: number,
  surveyed?: Survey,
): Promise<EventPage> {
  const { coverage, parts } = surveyed ?? (await survey(context, query));
  const closed = isSettled(coverage);
  const { days, ...counting } = await countDays({ context, counts, query, closed }, parts);
  const total = days.reduce((sum, { rows }) => sum + rows, 0);
  const { touched, before } = daysOfPage(days, offset, query.limit);
  const [first, last] = [touched[0], touched.at(-1)];
  if (first === undefined || last === undefined) {
    return { total, events: [], coverage, ...counting };
  }
  const { engine, visibility, signal } = context;
  const found = engine.rows(
    query,
    touched.flatMap((day) => day.parts),
    {
      visibility,
      signal,
      closed,
      limit: query.limit,
      page: { ...rangeOf(first.dt, last.dt), offset: before },
    },
  );
  const events = (await Array.fromAsync(found.batches)).flat();
  return {
    total,
    events,
    coverage,
    scannedBytes: counting.scannedBytes + found.scannedBytes(),
    dollars: counting.dollars + found.dollars(),
  };
}

const rangeOf = (a: Day, b: Day): DayRange =>
  a < b ? { first: a, last: b } : { first: b, last: a };

/** The days that hold rows `[offset, offset + limit)`, and how many rows of the first of them come before. */
function daysOfPage(
  days: readonly CountedDay[],
  offset: number,
  limit: number,
): { touched: CountedDay[]; before: number } {
  const touched: CountedDay[] = [];
  let begin = 0;
  let before = 0;
  for (const day of days) {
    const end = begin + day.rows;
    if (day.rows > 0 && end > offset && begin < offset + limit) {
      if (touched.length === 0) before = offset - begin;
      touched.push(day);
    }
    begin = end;
  }
  return { touched, before };
}

interface Counting {
  readonly context: SearchContext;
  readonly counts: DayCounts;
  readonly query: EventQuery;
  readonly closed: boolean;
}

/** Every day that has parts, in the query's order. */
async function countDays(
  { context, counts, query, closed }: Counting,
  parts: readonly ListedPart[],
): Promise<{ readonly days: readonly CountedDay[] } & Cost> {
  const question = questionOf(query, context);
  const known = counts.of(question);
  const days = [...Map.groupBy(parts, ({ dt }) => dt)].map(([dt, own]) => ({
    dt,
    parts: own,
    key: dayKey(dt, own, query),
  }));
  const uncounted = days.filter(({ key }) => !known.has(key));
  const { found, ...cost } = await countRows(context, query, uncounted, closed);
  const fresh = new Map(uncounted.map(({ dt, key }) => [key, found.get(dt) ?? 0]));
  counts.add(question, fresh);
  const sign = query.order === 'newest' ? -1 : 1;
  return {
    days: days
      .map(({ dt, parts: own, key }) => ({
        dt,
        parts: own,
        rows: fresh.get(key) ?? known.get(key) ?? 0,
      }))
      .sort((a, b) => (a.dt < b.dt ? -sign : sign)),
    ...cost,
  };
}

async function countRows(
  { engine, visibility, signal }: SearchContext,
  query: EventQuery,
  days: readonly { readonly dt: Day; readonly parts: readonly ListedPart[] }[],
  closed: boolean,
): Promise<{ readonly found: ReadonlyMap<string | null, number> } & Cost> {
  const names = days.map(({ dt }) => dt).sort();
  const [first, last] = [names[0], names.at(-1)];
  if (first === undefined || last === undefined) {
    return { found: new Map(), scannedBytes: 0, dollars: 0 };
  }
  const { groups, ...cost } = await engine.groups(
    query,
    days.flatMap(({ parts }) => parts),
    { by: ['dt'], days: { first, last }, visibility, signal, closed },
  );
  return { found: new Map(groups.map(({ key: [dt = null], rows }) => [dt, rows])), ...cost };
}

/** What is counted, whatever the range, the order and the size of a page. */
const questionOf = (query: EventQuery, { visibility }: SearchContext): string =>
  createHash('sha256')
    .update(queryFingerprint({ ...query, order: 'oldest', rangeWords: '' }))
    .update(JSON.stringify(visibility))
    .digest('base64url');

/** A day of which the range cuts something off counts as another one, as does one that got a supplement; and, because of misplaced events, one whose neighbour the range has not. */
function dayKey(
  dt: Day,
  parts: readonly ListedPart[],
  { from, to }: Pick<EventQuery, 'from' | 'to'>,
): string {
  const { from: begin, to: end } = windowOf(dt);
  const cut = [edge(from > begin, from < begin, from), edge(to < end, to > end, to)].join('/');
  return `${dt} ${parts.length} ${cut}`;
}

const edge = (cuts: boolean, reachesOver: boolean, at: Date): string =>
  cuts ? at.toISOString() : reachesOver ? 'over' : '';
