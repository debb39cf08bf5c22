import type { PageRequest } from '../../lib/archive/ports.ts';
import { DAY_MS, dayOf } from '../../lib/domain/day.ts';
import type { Window } from '../../lib/domain/window.ts';
import type { ArchiveLedger } from './archive-ledger.ts';
import type { SimulatedEvent } from './foundation-history.ts';
import { SimulatedSource, type SourceOptions } from './simulated-source.ts';

/**
 * Rules of the archive that a test can break, to see that the simulation finds out (docs/decisions/0002, 0003, 0005).
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

/** Reads as a client does that follows `next` links until there is none, and takes what it got for all there is: one page to whoever asks. */
class NextLinkSource extends SimulatedSource {
  override readonly pageSize = Number.MAX_SAFE_INTEGER;
  readonly #rows: number;

  constructor(options: BreakableSourceOptions) {
    super(options);
    this.#rows = options.pageSize;
  }

  protected override async readPage({ window }: PageRequest) {
    const found = new Map<string, SimulatedEvent>();
    for (let page = 1; ; page += 1) {
      await this.request('page', window);
      const from = (page - 1) * this.#rows;
      const rows = this.world.history
        .visibleIn(window, this.world.now)
        .slice(from, from + this.#rows);
      for (const event of rows) found.set(event.guid, event);
      if (rows.length < this.#rows) break;
    }
    return { totalResults: found.size, rows: [...found.values()] };
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
