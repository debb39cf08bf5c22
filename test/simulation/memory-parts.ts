import type {
  DayStage,
  GuidSet,
  KeptPage,
  PageFacts,
  PageRequest,
  PartFile,
  Parts,
  StagedPiece,
} from '../../lib/archive/ports.ts';
import { type Day, dayOf, daySchema } from '../../lib/domain/day.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { Window } from '../../lib/domain/window.ts';
import { type Archiver, type StagedRows, seenOf } from './archiver.ts';
import { type SimulatedEvent, secondOf } from './foundation-history.ts';
import { describePartBytes, guidSetOf, partBytes, partRows } from './part-bytes.ts';
import type { Scheduler } from './scheduler.ts';

export interface PartsOptions {
  readonly scheduler: Scheduler;
  readonly archiver: Archiver;
  /** Called when a stage is opened in which an earlier run left something. */
  readonly onResumed: (stage: string) => void;
}

const shownMs = (event: SimulatedEvent): number => secondOf(event) * 1000;

/** Between which instants the rows of a stage were read. */
function see(archiver: Archiver, day: Day, { since, until }: StagedRows): void {
  const seen = seenOf(archiver, day);
  seen.readSince = since;
  seen.readUntil = until;
}

function bytesOf({ host }: Archiver, file: string): Uint8Array {
  const bytes = host.files.get(file);
  if (bytes === undefined) throw new ArchiveError('PART_INVALID', `${file} is not there`);
  return bytes;
}

/** Parts and stages in memory, on the disk of the archiver's host: what was staged survives a kill. */
export class MemoryParts implements Parts {
  readonly #options: PartsOptions;

  constructor(options: PartsOptions) {
    this.#options = options;
  }

  async openStage(wanted: string): Promise<DayStage> {
    const { scheduler, archiver, onResumed } = this.#options;
    await scheduler.turn(archiver, `open stage ${wanted}`);
    const { host } = archiver;
    const name = host.open.has(wanted) ? host.newStageName() : wanted;
    host.open.set(name, archiver);
    const left = host.stages.get(name);
    if (left && left.pieces.length > 0) onResumed(name);
    const rows: StagedRows = left ?? {
      pages: new Map(),
      pieces: [],
      since: undefined,
      until: undefined,
    };
    // Pages without a piece are of no use to anyone.
    if (rows.pieces.length === 0) {
      rows.since = undefined;
      rows.until = undefined;
    }
    host.stages.set(name, rows);
    const day = daySchema.parse(wanted.slice(-10));
    if (rows.pieces.length > 0) see(archiver, day, rows);
    return new MemoryStage(this.#options, name, rows);
  }

  async describePart(file: string, day: Window): Promise<PartFile> {
    await this.#options.scheduler.turn(this.#options.archiver, `describe ${file}`);
    return describePartBytes(file, bytesOf(this.#options.archiver, file), day);
  }

  async guidsOfParts(files: readonly string[]): Promise<GuidSet> {
    return guidSetOf(
      files.flatMap((file) =>
        partRows(bytesOf(this.#options.archiver, file)).map(({ guid }) => guid),
      ),
    );
  }

  async countEvents(files: readonly string[], { from, to }: Window): Promise<number> {
    const { scheduler, archiver } = this.#options;
    await scheduler.turn(archiver, 'count stored events');
    return files
      .flatMap((file) => [...partRows(bytesOf(archiver, file))])
      .filter(({ created_at: at }) => at >= from.getTime() && at < to.getTime()).length;
  }
}

class MemoryStage implements DayStage {
  readonly directory: string;
  readonly #options: PartsOptions;
  readonly #name: string;
  readonly #rows: StagedRows;

  constructor(options: PartsOptions, name: string, rows: StagedRows) {
    this.#options = options;
    this.#name = name;
    this.#rows = rows;
    this.directory = `/work/${name}`;
  }

  async addPage(file: string, request: PageRequest, collectedAt: Date): Promise<PageFacts> {
    const { archiver } = this.#options;
    const body = archiver.host.spooled.get(file);
    if (body === undefined || body.cut) {
      throw new ArchiveError('PAGE_UNREADABLE', `${file} is no whole page`);
    }
    const rows = this.#rows;
    rows.since ??= body.countedAt;
    rows.until = body.readAt;
    see(archiver, dayOf(request.window.from), rows);
    const page = Math.max(0, ...rows.pages.keys()) + 1;
    rows.pages.set(
      page,
      body.rows.map((event) => ({ event, collectedAt })),
    );
    const shown = body.rows.map(shownMs);
    const last = shown.at(-1);
    const [from, to] = [request.window.from.getTime(), request.window.to.getTime()];
    return {
      page,
      totalResults: body.totalResults,
      rows: shown.length,
      lastSecond: last === undefined ? undefined : new Date(last),
      rowsBeforeLastSecond: shown.filter((ms) => ms < (last ?? 0)).length,
      ordered: shown.every(
        (ms, index) => ms >= from && ms < to && ms >= (shown[index - 1] ?? from),
      ),
    };
  }

  async removePage(file: string): Promise<void> {
    this.#options.archiver.host.spooled.delete(file);
  }

  async pieces(): Promise<readonly StagedPiece[]> {
    return this.#rows.pieces;
  }

  async recordPiece(piece: StagedPiece): Promise<void> {
    await this.#options.scheduler.turn(this.#options.archiver, 'record a piece');
    this.#rows.pieces = [...this.#rows.pieces, piece];
  }

  async forget(): Promise<void> {
    this.#rows.pieces = [];
    this.#rows.pages.clear();
    this.#rows.since = undefined;
    this.#rows.until = undefined;
  }

  async guidsOf(keep: readonly KeptPage[]): Promise<GuidSet> {
    return guidSetOf(this.#kept(keep).keys());
  }

  async scopesOf(): Promise<{ organizations: string[]; spaces: string[] }> {
    return { organizations: ['organization'], spaces: ['space'] };
  }

  async missingGuids(
    keep: readonly KeptPage[],
    storedParts: readonly string[],
    limit: number,
  ): Promise<string[]> {
    const kept = this.#kept(keep);
    return [...this.#stored(storedParts)]
      .filter((guid) => !kept.has(guid))
      .sort()
      .slice(0, limit);
  }

  async writePart({
    keep,
    storedParts,
    day,
    file,
  }: Parameters<DayStage['writePart']>[0]): Promise<PartFile | undefined> {
    const { scheduler, archiver } = this.#options;
    await scheduler.turn(archiver, 'write the part');
    const stored = this.#stored(storedParts);
    const rows = [...this.#kept(keep).values()]
      .filter(({ event }) => !stored.has(event.guid))
      .map(({ event, collectedAt }) => ({
        guid: event.guid,
        created_at: shownMs(event),
        type: event.type,
        data: event.data,
        collected_at: collectedAt.getTime(),
      }));
    if (rows.length === 0) return undefined;
    const bytes = partBytes(rows.sort((a, b) => (a.guid < b.guid ? -1 : 1)));
    archiver.host.files.set(file, bytes);
    return describePartBytes(file, bytes, day);
  }

  async close(): Promise<void> {
    const { host } = this.#options.archiver;
    for (const file of host.files.keys()) {
      if (file.startsWith(`${this.directory}/`)) host.files.delete(file);
    }
    host.stages.delete(this.#name);
    host.open.delete(this.#name);
  }

  async suspend(): Promise<void> {
    this.#options.archiver.host.open.delete(this.#name);
  }

  #kept(keep: readonly KeptPage[]) {
    const kept = new Map<string, { event: SimulatedEvent; collectedAt: Date }>();
    for (const { page, before } of keep) {
      for (const row of this.#rows.pages.get(page) ?? []) {
        if (before && shownMs(row.event) >= before.getTime()) continue;
        if (!kept.has(row.event.guid)) kept.set(row.event.guid, row);
      }
    }
    return kept;
  }

  #stored(files: readonly string[]): ReadonlySet<string> {
    return new Set(
      files.flatMap((file) =>
        partRows(bytesOf(this.#options.archiver, file)).map(({ guid }) => guid),
      ),
    );
  }
}
