import type { Day } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Window } from '../domain/window.ts';
import type { AuditEventSource, PageFacts, Parts } from './ports.ts';

/** The steps by which a day is stored, in their order, as progress and tests call them. */
export type DayStep =
  | 'listed'
  | 'orphan-adopted'
  | 'source-read'
  | 'part-written'
  | 'part-stored'
  | 'manifest-stored';

export interface DayTask {
  readonly foundation: FoundationName;
  readonly day: Day;
  /** Whether the source may already have dropped the beginning of the day. */
  readonly partial: boolean;
  /** What an earlier run counted of the day, of which the outcome is to say how much the archive holds now. */
  readonly recount?: Window | undefined;
}

export interface DayContext {
  readonly source: AuditEventSource;
  readonly store: ObjectStore;
  readonly parts: Parts;
  readonly now: () => Date;
  readonly settleMs: number;
  /** Windows of a long day read at once. */
  readonly concurrency: number;
  /** Name and version of this program, for manifests. */
  readonly tool: string;
  /** Reading that took longer is kept for the next run when this one cannot finish the day. Default: one minute. */
  readonly worthKeepingMs?: number | undefined;
  readonly onStep?: ((step: DayStep) => void | Promise<void>) | undefined;
  readonly onPage?: ((facts: PageFacts) => void) | undefined;
}
