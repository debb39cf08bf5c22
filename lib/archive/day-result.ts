import type { Day } from '../domain/day.ts';
import type { ArchiveError, ErrorCode } from '../domain/errors.ts';
import type { Counted } from '../domain/losses.ts';
import type { DayOutcome } from './archive-day.ts';

interface Seen {
  /** Events that the archive holds of the day now. */
  readonly events: number;
  /** Events among them that were created in the window that the last run counted; where it counted the whole day, all. */
  readonly recounted: number;
  readonly counted: Counted;
  readonly finalCheck: boolean;
  readonly deletedAtSource: number;
  readonly deletedGuids: readonly string[];
}

/** What one run found and did for one closed day. */
export type DayResult = { readonly day: Day } & (
  | ({ readonly kind: 'archived' } & Omit<DayOutcome, 'counted'> & Seen)
  | ({ readonly kind: 'unchanged' } & Seen)
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      /** Where it could at least be counted. */
      readonly counted?: Counted | undefined;
      /** How many events of what the last run counted are still there; undefined: not known, or another run may be storing them. Then the next run judges by that count, too. */
      readonly stillThere: number | undefined;
    }
  | {
      /** Left to another run, and open until then. */
      readonly kind: 'postponed';
      /** Whether its turn came and it has to be read, which this run does not do; else the run's time was over. */
      readonly due?: true;
      /** The count that the next run is to judge by; undefined: that of an earlier run stands. */
      readonly counted?: Counted | undefined;
    }
);

/** A day that is not closed: counted only. */
export interface OpenDay {
  readonly day: Day;
  /** Undefined when the source did not answer. */
  readonly counted: Counted | undefined;
  /** What the source still has of what the last run counted; undefined where that is not known. */
  readonly recounted?: number | undefined;
  readonly error?: ArchiveError;
}
