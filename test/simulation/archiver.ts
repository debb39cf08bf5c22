import type { StagedPiece } from '../../lib/archive/ports.ts';
import type { Day } from '../../lib/domain/day.ts';
import type { SimulatedEvent } from './foundation-history.ts';
import type { Process } from './scheduler.ts';

/** What lies in one stage of a host's disk. */
export interface StagedRows {
  readonly pages: Map<number, { readonly event: SimulatedEvent; readonly collectedAt: Date }[]>;
  pieces: StagedPiece[];
  /** True time of the oldest and of the newest page in it; undefined while it is empty. */
  since: number | undefined;
  until: number | undefined;
}

/** A page's body as it was spooled. */
export interface SpooledPage {
  readonly totalResults: number;
  readonly rows: readonly SimulatedEvent[];
  /** The connection broke off: the body is no whole page. */
  readonly cut: boolean;
  /** When it was counted, and when its rows were read. */
  readonly countedAt: number;
  readonly readAt: number;
}

/** A machine's disk: it outlives the processes on it. */
export class Host {
  readonly spooled = new Map<string, SpooledPage>();
  readonly files = new Map<string, Uint8Array>();
  readonly stages = new Map<string, StagedRows>();
  /** Who has which stage open. */
  readonly open = new Map<string, Process>();
  #stages = 0;

  newStageName(): string {
    this.#stages += 1;
    return `unnamed-${this.#stages}`;
  }

  /** A process was killed: its locks are gone, its files are not. */
  release(process: Process): void {
    for (const [name, owner] of this.open) if (owner === process) this.open.delete(name);
  }

  /** The machine is replaced by a new one with an empty disk. */
  wipe(): void {
    this.spooled.clear();
    this.files.clear();
    this.stages.clear();
  }
}

/** When a count was taken, in true time, and up to which instant (exclusive) of `created_at`. */
export interface CountSeen {
  readonly at: number;
  readonly to: number;
}

/** What a run saw of one day at the source, in true time. */
export interface DaySeen {
  /** The newest count of the day up to an instant, or of all of it: when it was taken, and up to which instant (exclusive) of `created_at`. */
  counted: CountSeen | undefined;
  /** All counts of it that began with the day, in their order. */
  readonly counts: CountSeen[];
  /** From the oldest page that the newest read used to its newest page. */
  readSince: number | undefined;
  readUntil: number | undefined;
  /** When its parts were listed last. */
  listedAt: number | undefined;
}

/** One simulated process, and what its machine and its foundation do to it. */
export interface Archiver extends Process {
  readonly host: Host;
  /** Its clock less true time; a step changes it. */
  clockOffset: number;
  readonly clockStep: { readonly afterTurns: number; readonly ms: number } | undefined;
  /** Steps that it has gone so far. */
  turns: number;
  /** True time by which it must have stopped. */
  readonly deadline: number;
  /** Probability that a call of a port fails. */
  readonly faultRate: number;
  /** Longest duration of one step. */
  readonly maxStepMs: number;
  readonly seen: Map<Day, DaySeen>;
  /** True time at which it began, and what the archive held then. */
  readonly begun: number;
  readonly heldBefore: ReadonlyMap<Day, HeldDay>;
  /** Writes after which it is killed, before it hears of the last one; undefined: it is not. */
  readonly diesAfterWrites: number | undefined;
  writes: number;
  /** Key of the run report that it read last. */
  reportRead: string | undefined;
}

/** How much of a day the archive holds. */
export interface HeldDay {
  readonly events: number;
  readonly manifests: number;
}

export function seenOf(archiver: Archiver, day: Day): DaySeen {
  const seen = archiver.seen.get(day) ?? {
    counted: undefined,
    counts: [],
    readSince: undefined,
    readUntil: undefined,
    listedAt: undefined,
  };
  archiver.seen.set(day, seen);
  return seen;
}
