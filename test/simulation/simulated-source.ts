import type { AuditEventSource, PageRequest } from '../../lib/archive/ports.ts';
import { DAY_MS, dayOf } from '../../lib/domain/day.ts';
import { ArchiveError, type ErrorCode } from '../../lib/domain/errors.ts';
import type { Window } from '../../lib/domain/window.ts';
import { type Archiver, seenOf } from './archiver.ts';
import type { SimulatedEvent } from './foundation-history.ts';
import type { Prng } from './prng.ts';
import type { Scheduler } from './scheduler.ts';
import type { World } from './world.ts';

/** How a request can fail when retries have not helped, and how often each of them does. */
const FAILURES: readonly ErrorCode[] = [
  'CF_UNAVAILABLE',
  'CF_UNAVAILABLE',
  'CF_UNREACHABLE',
  'CF_UNREACHABLE',
  'CF_RESPONSE_INVALID',
  'CF_UNAUTHORIZED',
  'DEADLINE_REACHED',
];

export interface SourceOptions {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly archiver: Archiver;
  readonly prng: Prng;
  readonly pageSize: number;
}

/**
 * The foundation as one archiver reaches it. Each answer is what the history shows at that instant; the count and the rows of a page are two statements, and the world moves between them.
 */
export class SimulatedSource implements AuditEventSource {
  readonly api = 'https://api.example.org';
  readonly pageSize: number;
  protected readonly world: World;
  readonly #scheduler: Scheduler;
  readonly #archiver: Archiver;
  readonly #prng: Prng;

  constructor({ world, scheduler, archiver, prng, pageSize }: SourceOptions) {
    this.world = world;
    this.#scheduler = scheduler;
    this.#archiver = archiver;
    this.#prng = prng;
    this.pageSize = pageSize;
  }

  async check(): Promise<void> {
    await this.request('check');
  }

  async count(window: Window): Promise<number> {
    await this.request('count');
    if (window.from.getTime() % DAY_MS === 0) {
      const counted = { at: this.world.now, to: window.to.getTime() };
      const seen = seenOf(this.#archiver, dayOf(window.from));
      seen.counted = counted;
      seen.counts.push(counted);
    }
    return this.countNow(window);
  }

  async oldest(): Promise<Date | undefined> {
    await this.request('oldest');
    const oldest = this.world.history.oldest(this.world.now);
    return oldest && new Date(Math.floor(oldest.micros / 1_000_000) * 1000);
  }

  async spoolPage(request: PageRequest, file: string): Promise<void> {
    await this.request('page', request.window);
    const countedAt = this.world.now;
    const page = await this.readPage(request);
    this.#archiver.host.spooled.set(file, {
      ...page,
      cut: this.#prng.chance(this.#archiver.faultRate),
      countedAt,
      readAt: this.world.now,
    });
  }

  async organizationNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await this.request('organization names');
    return new Map(guids.map((guid) => [guid, `name of ${guid}`]));
  }

  async spaceNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await this.request('space names');
    return new Map(guids.map((guid) => [guid, `name of ${guid}`]));
  }

  protected async readPage(
    request: PageRequest,
  ): Promise<{ totalResults: number; rows: SimulatedEvent[] }> {
    const totalResults = this.countNow(request.window);
    await this.#scheduler.turn(this.#archiver, 'rows of the page');
    this.world.stir(dayOf(request.window.from));
    return { totalResults, rows: this.rowsNow(request) };
  }

  protected countNow(window: Window): number {
    return this.world.history.visibleIn(window, this.world.now).length;
  }

  protected rowsNow({ window, page }: PageRequest): SimulatedEvent[] {
    const from = (page - 1) * this.pageSize;
    return this.world.history.visibleIn(window, this.world.now).slice(from, from + this.pageSize);
  }

  /** @param window - of the day that the foundation may change just now; undefined: it does not */
  protected async request(what: string, window?: Window): Promise<void> {
    await this.#scheduler.turn(this.#archiver, what);
    if (window) this.world.stir(dayOf(window.from));
    if (this.world.now > this.#archiver.deadline) {
      throw new ArchiveError('DEADLINE_REACHED', `${what}: the time of the run is over`);
    }
    if (!this.#prng.chance(this.#archiver.faultRate)) return;
    throw new ArchiveError(this.#prng.pick(FAILURES), `${what}: the foundation is in trouble`);
  }
}
