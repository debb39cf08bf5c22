import { ArchiveError } from '../domain/errors.ts';
import { plusMs, SECOND_MS } from '../domain/instant.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { ManifestRequest } from '../domain/manifest.ts';
import { isOneSecond, splitWindow, type Window, windowText } from '../domain/window.ts';
import type { GuidSet, KeptPage, PageFacts, PageRequest, ReadPiece, WindowRead } from './ports.ts';

/** What a walk needs: pages read and staged, and the set of GUIDs that staged pages hold. */
export interface PageReader {
  /** Rows of a full page. */
  readonly pageSize: number;
  readPage(request: PageRequest): Promise<PageFacts>;
  guidsOf(keep: readonly KeptPage[]): Promise<GuidSet>;
  /** A piece of the window is read and proven; called once for each, as soon as it is. */
  recordPiece(piece: ReadPiece): Promise<void>;
}

/** From this many pages on, the rest of a window is read as several windows. */
const SLICED_FROM_PAGES = 4;

/**
 * Every answer makes the source count all that is left of its window, so the longer the window, the dearer each page: a day of ten million events in one window would have it count ten thousand million.
 * A slice of its own costs at most one request.
 */
const PAGES_PER_SLICE = 50;

/** Passes over one crowded second until two agree. */
const MAX_SECOND_PASSES = 6;

const moved = (window: Window, what: string): ArchiveError =>
  new ArchiveError(
    'DAY_MOVED',
    `events of ${windowText(window)} changed while they were read: ${what}`,
  );

const requestRecord = (request: PageRequest, facts: PageFacts, kept: number): ManifestRequest => ({
  from: request.window.from.toISOString(),
  to: request.window.to.toISOString(),
  page: request.page,
  total_results: facts.totalResults,
  rows_kept: kept,
});

/** What several disjoint reads gave together. */
export const joinReads = (reads: readonly WindowRead[]): WindowRead => ({
  keep: reads.flatMap((read) => read.keep),
  requests: reads.flatMap((read) => read.requests),
  total: reads.reduce((sum, read) => sum + read.total, 0),
});

/** A page must hold as many rows as its own count says; count and rows come from two statements, so they may differ while events come and go. */
const promisedRows = (pageSize: number, request: PageRequest, facts: PageFacts): number =>
  Math.min(pageSize, Math.max(0, facts.totalResults - (request.page - 1) * pageSize));

function checkRows(pageSize: number, request: PageRequest, facts: PageFacts): void {
  const expected = promisedRows(pageSize, request, facts);
  if (facts.rows !== expected) {
    throw moved(
      request.window,
      `page ${request.page} holds ${facts.rows} rows, its count of ${facts.totalResults} promises ${expected}`,
    );
  }
}

/**
 * Read a window completely, walking by time and never by page number: about one request for every page of events.
 *
 * One page is one SQL statement at the source and therefore exact. Of a full page the rows before the second of its last row are kept, and the walk goes on at that second;
 * the next page's count must then be the last one less the rows kept. Any other count means that the day moved.
 *
 * @param expected - what the source must count in the window, when an earlier answer says so
 * @param concurrency - how many windows may be read at once
 * @throws ArchiveError DAY_MOVED when the counts do not add up; the caller starts again
 */
export async function walkWindow(
  pages: PageReader,
  window: Window,
  { expected, concurrency = 1 }: { expected?: number; concurrency?: number } = {},
): Promise<WindowRead> {
  const reads: WindowRead[] = [];
  const take = async (piece: ReadPiece): Promise<void> => {
    await pages.recordPiece(piece);
    reads.push(piece);
  };
  let rest = window;
  let restCount = expected;
  for (;;) {
    const request = { window: rest, page: 1 };
    const facts = await pages.readPage(request);
    if (restCount !== undefined && facts.totalResults !== restCount) {
      throw moved(rest, `counted ${facts.totalResults}, expected ${restCount}`);
    }
    checkRows(pages.pageSize, request, facts);
    // A full page is not the end even when it holds as many rows as were counted: one that appeared after the count may have pushed another off it.
    if (facts.rows === facts.totalResults && facts.rows < pages.pageSize) {
      await take({
        window: rest,
        keep: facts.rows === 0 ? [] : [{ page: facts.page }],
        requests: [requestRecord(request, facts, facts.rows)],
        total: facts.rows,
      });
      return joinReads(reads);
    }
    const cut = facts.lastSecond;
    if (!facts.ordered || cut === undefined) {
      reads.push(await walkHalves(pages, rest, facts.totalResults));
      return joinReads(reads);
    }
    if (cut.getTime() === rest.from.getTime()) {
      const second = { from: rest.from, to: plusMs(rest.from, SECOND_MS) };
      const read = await readCrowdedSecond(pages, second);
      await take(read);
      rest = { from: second.to, to: rest.to };
      restCount = facts.totalResults - read.total;
      if (rest.from < rest.to) continue;
      if (restCount !== 0) throw moved(second, `${restCount} events more than the second holds`);
      return joinReads(reads);
    }
    await take({
      window: { from: rest.from, to: cut },
      keep: [{ page: facts.page, before: cut }],
      requests: [requestRecord(request, facts, facts.rowsBeforeLastSecond)],
      total: facts.rowsBeforeLastSecond,
    });
    rest = { from: cut, to: rest.to };
    restCount = facts.totalResults - facts.rowsBeforeLastSecond;
    const slices = slicesOf(restCount / pages.pageSize, concurrency);
    if (slices > 1) {
      reads.push(await walkSlices(pages, rest, restCount, { slices, concurrency }));
      return joinReads(reads);
    }
  }
}

/** As how many windows the rest of a window is read. */
const slicesOf = (restPages: number, concurrency: number): number =>
  restPages < SLICED_FROM_PAGES ? 1 : Math.max(concurrency, Math.ceil(restPages / PAGES_PER_SLICE));

/** Several disjoint windows, some of them at once; together they must hold what the whole counted. */
async function walkSlices(
  pages: PageReader,
  window: Window,
  expected: number,
  { slices, concurrency }: { slices: number; concurrency: number },
): Promise<WindowRead> {
  const inTurn = limitConcurrency(concurrency);
  let ended = false;
  // All of them end before the first failure is told: nothing may go on reading behind a walk that starts again.
  const settled = await Promise.allSettled(
    splitWindow(window, slices).map((slice) =>
      inTurn(async () => {
        if (ended) throw moved(slice, 'not read, because another part of the day failed');
        try {
          return await walkWindow(pages, slice);
        } catch (error) {
          ended = true;
          throw error;
        }
      }),
    ),
  );
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  const read = joinReads(
    settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
  );
  if (read.total !== expected) {
    throw moved(window, `its parts hold ${read.total}, the whole counted ${expected}`);
  }
  return read;
}

/**
 * Read a window whose rows are not displayed in the order by which the source sorts them: there the second of the last row is no safe cut.
 * Halving needs only the source's own filter.
 */
async function walkHalves(
  pages: PageReader,
  window: Window,
  expected: number,
): Promise<WindowRead> {
  if (isOneSecond(window)) {
    const read = await readCrowdedSecond(pages, window);
    await pages.recordPiece(read);
    return read;
  }
  const reads: WindowRead[] = [];
  for (const half of splitWindow(window, 2)) reads.push(await walkWindow(pages, half));
  const read = joinReads(reads);
  if (read.total !== expected) {
    throw moved(window, `its halves hold ${read.total}, the whole counted ${expected}`);
  }
  return read;
}

/** The time filter cannot go below one second, so a second with more events than a page is paged, again and again, until two passes agree. */
async function readCrowdedSecond(pages: PageReader, second: Window): Promise<ReadPiece> {
  let previous: string | undefined;
  for (let pass = 0; pass < MAX_SECOND_PASSES; pass += 1) {
    const read = await pageThrough(pages, second);
    const guids = read && (await pages.guidsOf(read.keep));
    const digest = guids?.events === read?.total ? guids?.guidDigest : undefined;
    if (read && digest !== undefined && digest === previous) return { window: second, ...read };
    previous = digest;
  }
  throw moved(second, `no two of ${MAX_SECOND_PASSES} passes over its pages agree`);
}

/** One pass over all pages of a window. Undefined: the count changed on the way. */
async function pageThrough(pages: PageReader, window: Window): Promise<WindowRead | undefined> {
  const keep: KeptPage[] = [];
  const requests: ManifestRequest[] = [];
  let total: number | undefined;
  for (let page = 1; ; page += 1) {
    const request = { window, page };
    const facts = await pages.readPage(request);
    total ??= facts.totalResults;
    if (
      facts.totalResults !== total ||
      facts.rows !== promisedRows(pages.pageSize, request, facts)
    ) {
      return undefined;
    }
    keep.push({ page: facts.page });
    requests.push(requestRecord(request, facts, facts.rows));
    if (page * pages.pageSize >= total) return { keep, requests, total };
  }
}
