import type { ColumnName, EventRow } from '../domain/columns.ts';
import type { CoveredDay } from '../domain/coverage.ts';
import type { Position } from '../domain/cursor.ts';
import type { Day } from '../domain/day.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Visibility } from '../domain/visibility.ts';

/** A part as a listing shows it. */
export interface ListedPart {
  readonly key: string;
  readonly foundation: FoundationName;
  readonly dt: Day;
  /** As stored, compressed. */
  readonly bytes: number;
  /** When the store took it. */
  readonly modifiedAt: Date;
}

/** Days by partition, both included. */
export interface DayRange {
  readonly first: Day;
  readonly last: Day;
}

/** Rows by their place instead of their position: in the order of partition, `created_at` and GUID, so that rows can be counted by day. */
export interface DayPage extends DayRange {
  /** Rows of these days that come before; fewer than the first of them in the query's order has. */
  readonly offset: number;
}

export interface RowsWanted {
  /** Only rows that whoever asks may see. The engine keeps out the others itself, so that a page is full and its bytes say nothing of them. */
  readonly visibility: Visibility;
  /** Only rows behind this one, in the query's order. */
  readonly after?: Position | undefined;
  /** Only these days, from this row on. */
  readonly page?: DayPage | undefined;
  /** Rows at most; undefined: all that match. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether no day of the range is open or missing: an earlier answer to the same question may then be given again, when it saw all of the parts. */
  readonly closed?: boolean | undefined;
}

/** Rows while they come. Whoever stops reading early stops the engine. */
export interface EngineRows {
  readonly batches: AsyncIterable<readonly EventRow[]>;
  /** Bytes read for them; final once the last batch is read. */
  readonly scannedBytes: () => number;
  /** What that costs, in US dollars; final likewise. */
  readonly dollars: () => number;
}

export type GroupColumn = ColumnName | 'dt';

export interface GroupsWanted {
  readonly by: readonly GroupColumn[];
  readonly days?: DayRange | undefined;
  readonly visibility: Visibility;
  readonly signal?: AbortSignal | undefined;
  readonly closed?: boolean | undefined;
  /** Given what tells the bytes that were read so far: the answer has them, too, but a failure has none. */
  readonly onStart?: ((scannedBytes: () => number) => void) | undefined;
}

/** Rows that are the same in some columns. */
export interface EventGroup {
  /** Values of the columns grouped by, in their order. */
  readonly key: readonly (string | null)[];
  readonly rows: number;
  /** `created_at` of the oldest and the newest of them. */
  readonly first: Date;
  readonly last: Date;
}

export interface EngineGroups {
  /** In no order. */
  readonly groups: readonly EventGroup[];
  readonly scannedBytes: number;
  readonly dollars: number;
}

/**
 * An engine that answers a query over the parts of an archive. Two of them give the same rows in the same order.
 *
 * Throws ArchiveError: PART_INVALID when a part cannot be read, QUERY_BUSY when asking again later may help, QUERY_FAILED for the rest.
 */
export interface QueryEngine {
  /** @param parts - all parts of the days of the query's range, at least one */
  rows(query: EventQuery, parts: readonly ListedPart[], wanted: RowsWanted): EngineRows;
  /** The groups of a query's rows. @param parts - as for rows */
  groups(
    query: EventQuery,
    parts: readonly ListedPart[],
    wanted: GroupsWanted,
  ): Promise<EngineGroups>;
}

/** Says of each day from `first` (undefined: the first one that the archive knows) to `last`, both included, what the archive has of it. */
export type CoverageReader = (
  foundation: FoundationName,
  first: Day | undefined,
  last: Day,
) => Promise<readonly CoveredDay[]>;
