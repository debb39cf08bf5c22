import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type KeptPage,
  PAGE_SIZE,
  type PageRequest,
  type ReadPiece,
} from '../../lib/archive/ports.ts';
import { type PageReader, walkWindow } from '../../lib/archive/walk-window.ts';
import { windowOf } from '../../lib/domain/day.ts';
import { uncoveredWindows } from '../../lib/domain/window.ts';
import { aDay } from '../support/archive/archive-rig.ts';

const DAY = windowOf(aDay('2026-03-10'));
const DAY_SECONDS = 86_400;

/** One event of the fake source: the second by which it is filtered, and the one that it shows. */
interface FakeEvent {
  readonly id: number;
  readonly second: number;
  readonly shown: number;
}

const at = (second: number): Date => new Date(DAY.from.getTime() + second * 1000);
const secondOf = (instant: Date): number => (instant.getTime() - DAY.from.getTime()) / 1000;

/** Seconds of events, and of each how many. */
const events = (seconds: readonly (readonly [second: number, count: number])[]): FakeEvent[] =>
  seconds.flatMap(([second, count]) =>
    Array.from({ length: count }, () => ({ id: 0, second, shown: second })),
  );

/** A source and stage in memory. `between` may change the source before each request. */
class FakePages implements PageReader {
  readonly pageSize = PAGE_SIZE;
  source: FakeEvent[];
  requests: PageRequest[] = [];
  readonly #pages: FakeEvent[][] = [];
  readonly #between: (pages: FakePages) => void;

  constructor(source: readonly FakeEvent[], between: (pages: FakePages) => void = () => undefined) {
    this.source = source.map((event, id) => ({ ...event, id }));
    this.#between = between;
  }

  async readPage(request: PageRequest) {
    this.#between(this);
    this.requests.push(request);
    const { from, to } = request.window;
    const found = this.source
      .filter(({ second }) => second >= secondOf(from) && second < secondOf(to))
      .sort((a, b) => a.second - b.second || a.id - b.id);
    const rows = found.slice((request.page - 1) * PAGE_SIZE, request.page * PAGE_SIZE);
    this.#pages.push(rows);
    const last = rows.at(-1)?.shown;
    return {
      page: this.#pages.length - 1,
      totalResults: found.length,
      rows: rows.length,
      lastSecond: last === undefined ? undefined : at(last),
      rowsBeforeLastSecond: rows.filter(({ shown }) => shown < (last ?? 0)).length,
      ordered: rows.every(
        ({ shown }, index) =>
          shown >= secondOf(from) && shown < secondOf(to) && shown >= (rows[index - 1]?.shown ?? 0),
      ),
    };
  }

  pieces: ReadPiece[] = [];

  async recordPiece(piece: ReadPiece) {
    this.pieces.push(piece);
  }

  idsOf(keep: readonly KeptPage[]): number[] {
    return keep
      .flatMap(({ page, before }) =>
        (this.#pages[page] ?? []).filter(
          ({ shown }) => before === undefined || shown < secondOf(before),
        ),
      )
      .map(({ id }) => id);
  }

  async guidsOf(keep: readonly KeptPage[]) {
    const ids = [...new Set(this.idsOf(keep))].sort((a, b) => a - b);
    return { events: ids.length, guidDigest: ids.join() };
  }
}

async function expectComplete(pages: FakePages, concurrency = 1): Promise<void> {
  const read = await walkWindow(pages, DAY, { concurrency });
  const ids = pages.idsOf(read.keep).sort((a, b) => a - b);
  expect(ids).toEqual(pages.source.map(({ id }) => id).sort((a, b) => a - b));
  expect(read.total).toBe(ids.length);
  // The pieces tile the day: what an interrupted walk recorded is exactly what it need not read again.
  expect(
    uncoveredWindows(
      DAY,
      pages.pieces.map(({ window }) => window),
    ),
  ).toEqual([]);
  expect(pages.pieces.reduce((sum, piece) => sum + piece.total, 0)).toBe(ids.length);
  expect(read.requests.reduce((sum, request) => sum + request.rows_kept, 0)).toBe(ids.length);
}

describe('walkWindow', () => {
  it('needs one request for an empty day', async () => {
    const pages = new FakePages([]);

    const read = await walkWindow(pages, DAY);

    expect(read).toMatchObject({ keep: [], total: 0 });
    expect(pages.requests).toHaveLength(1);
  });

  it('asks on after a page that is exactly full: an event that appeared after the count may have pushed another off it', async () => {
    const pages = new FakePages(events([[7, PAGE_SIZE]]));

    await expectComplete(pages);

    expect(pages.requests.length).toBeGreaterThan(1);
  });

  it('keeps the rows before the second of the last row and goes on at that second', async () => {
    const pages = new FakePages(
      events([
        [10, 4_000],
        [20, 2_000],
        [30, 1],
      ]),
    );

    const read = await walkWindow(pages, DAY);

    expect(read.requests).toMatchObject([
      { from: at(0).toISOString(), total_results: 6_001, rows_kept: 4_000 },
      { from: at(20).toISOString(), total_results: 2_001, rows_kept: 2_001 },
    ]);
  });

  it.each([1, 2, 4])(
    'costs about one request a page with %i windows at once',
    async (concurrency) => {
      const pages = new FakePages(
        events(Array.from({ length: 40_000 }, (_, index) => [index * 2, 3] as const)),
      );

      await expectComplete(pages, concurrency);

      expect(pages.requests.length).toBeLessThanOrEqual(1.05 * (120_000 / PAGE_SIZE) + concurrency);
    },
  );

  it('pages a second with more events than a page until two passes agree', async () => {
    const pages = new FakePages(
      events([
        [5, 10],
        [6, 12_000],
        [7, 10],
      ]),
    );

    await expectComplete(pages);

    const paged = pages.requests.filter(({ page }) => page > 1);
    expect(paged.map(({ page }) => page)).toEqual([2, 3, 2, 3]);
    expect(paged.every(({ window }) => secondOf(window.to) - secondOf(window.from) === 1)).toBe(
      true,
    );
  });

  it('reads a crowded last second of the day', async () => {
    await expectComplete(new FakePages(events([[DAY_SECONDS - 1, 5_001]])));
  });

  it('gives up on a second that changes at every pass', async () => {
    const pages = new FakePages(events([[6, 6_000]]), (self) => {
      self.source.push({ id: self.source.length, second: 6, shown: 6 });
    });

    await expect(walkWindow(pages, DAY)).rejects.toMatchObject({ code: 'DAY_MOVED' });
  });

  it('is complete although events are shown outside the window by which they are filtered', async () => {
    const source = events(Array.from({ length: 6_000 }, (_, index) => [index * 10, 2] as const));
    const misplaced = source.map((event, index) =>
      index % 1_000 === 999 ? { ...event, shown: DAY_SECONDS + 50 } : event,
    );

    await expectComplete(new FakePages(misplaced));
  });

  it.each([
    [
      'becomes visible',
      (self: FakePages) => void self.source.push({ id: -1, second: 80_000, shown: 80_000 }),
    ],
    ['disappears', (self: FakePages) => void self.source.pop()],
  ])('says that the day moved when an event not yet read %s', async (_, change) => {
    const pages = new FakePages(
      events([
        [10, 4_000],
        [70_000, 4_000],
      ]),
      (self) => {
        if (self.requests.length === 1) change(self);
      },
    );

    await expect(walkWindow(pages, DAY)).rejects.toMatchObject({ code: 'DAY_MOVED' });
  });

  it('says that the day moved when a page holds fewer rows than its own count promises', async () => {
    const pages = new FakePages(events([[10, 30]]));
    const honest = pages.readPage.bind(pages);
    pages.readPage = async (request) => ({ ...(await honest(request)), totalResults: 31 });

    await expect(walkWindow(pages, DAY)).rejects.toThrow('promises 31');
  });

  it('is complete for any distribution of events and any number of slices', async () => {
    const second = fc.integer({ min: 0, max: DAY_SECONDS - 1 });
    const size = fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 1, max: 900 }) },
      { weight: 1, arbitrary: fc.integer({ min: 4_990, max: 11_000 }) },
    );

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(second, size), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (seconds, concurrency) => {
          await expectComplete(new FakePages(events(seconds)), concurrency);
        },
      ),
      { numRuns: 60 },
    );
  });
});
