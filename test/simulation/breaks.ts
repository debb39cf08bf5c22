import type { PageRequest } from '../../lib/archive/ports.ts';
import { DAY_MS, dayOf } from '../../lib/domain/day.ts';
import type { Window } from '../../lib/domain/window.ts';
import type { ArchiveLedger } from './archive-ledger.ts';
import type { SimulatedEvent } from './foundation-history.ts';
import { SimulatedSource, type SourceOptions } from './simulated-source.ts';

/**
 * Rules of the design that a test can break, to see that the simulation finds out.
 *
 * `lte`: windows are closed at their end. `next`: pages are followed by number, not walked by time. `recount`: a stored day is not counted again. `overwrite`: the store overwrites.
 */
export const BREAKS = ['lte', 'next', 'recount', 'overwrite'] as const;
export type Break = (typeof BREAKS)[number];

export interface BreakableSourceOptions extends SourceOptions {
  readonly ledger: ArchiveLedger;
}

export function sourceOf(
  broken: Break | undefined,
  options: BreakableSourceOptions,
): SimulatedSource {
  switch (broken) {
    case 'lte':
      return new ClosedWindowsSource(options);
    case 'next':
      return new NextLinkSource(options);
    case 'recount':
      return new NeverRecountingSource(options);
    default:
      return new SimulatedSource(options);
  }
}

/** Answers as if windows had been asked for with `lte`. */
class ClosedWindowsSource extends SimulatedSource {
  protected override countNow(window: Window): number {
    return this.world.history.visibleIn(window, this.world.now, true).length;
  }

  protected override rowsNow({ window, page }: PageRequest): SimulatedEvent[] {
    const from = (page - 1) * this.pageSize;
    return this.world.history
      .visibleIn(window, this.world.now, true)
      .slice(from, from + this.pageSize);
  }
}

/** Answers as a client would read that follows page numbers of the first window it asked for, and trusts the first count. */
class NextLinkSource extends SimulatedSource {
  #first: Window | undefined;
  #total = 0;
  #kept = 0;
  #lastRows: readonly SimulatedEvent[] = [];

  protected override countNow(window: Window): number {
    if (!this.#follows(window)) return super.countNow(window);
    return this.#total - this.#keptBefore(window);
  }

  protected override rowsNow(request: PageRequest): SimulatedEvent[] {
    const { window, page } = request;
    if (page > 1) return super.rowsNow(request);
    if (this.#first && this.#follows(window)) {
      this.#kept = this.#keptBefore(window);
      const rows = this.world.history
        .visibleIn(this.#first, this.world.now)
        .slice(this.#kept, this.#kept + this.pageSize);
      this.#lastRows = rows;
      return rows;
    }
    const rows = super.rowsNow(request);
    this.#first = window;
    this.#total = super.countNow(window);
    this.#kept = 0;
    this.#lastRows = rows;
    return rows;
  }

  /** Whether the window is the rest of the first one after the rows that were kept of the last page. */
  #follows({ from, to }: Window): boolean {
    const last = this.#lastRows.at(-1);
    return (
      this.#first !== undefined &&
      last !== undefined &&
      to.getTime() === this.#first.to.getTime() &&
      from.getTime() === Math.floor(last.micros / 1_000_000) * 1000 &&
      from > this.#first.from
    );
  }

  #keptBefore({ from }: Window): number {
    return (
      this.#kept + this.#lastRows.filter(({ micros }) => micros / 1000 < from.getTime()).length
    );
  }
}

/** Says of every day that is stored what the archive holds, as a client would believe that does not count again. */
class NeverRecountingSource extends SimulatedSource {
  readonly #ledger: ArchiveLedger;

  constructor(options: BreakableSourceOptions) {
    super(options);
    this.#ledger = options.ledger;
  }

  override async count(window: Window): Promise<number> {
    const counted = await super.count(window);
    if (window.to.getTime() - window.from.getTime() !== DAY_MS) return counted;
    const manifest = this.#ledger.manifestsOf(dayOf(window.from)).at(-1);
    return manifest?.cumulative.events ?? counted;
  }
}
