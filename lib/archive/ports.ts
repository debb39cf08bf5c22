import type { ManifestRequest } from '../domain/manifest.ts';
import type { Window } from '../domain/window.ts';

/** Cloud Controller's `per_page` limit (`PER_PAGE_MAX`). */
export const PAGE_SIZE = 5000;

/** One page of a window's events, ordered by `created_at` and then `guid`. */
export interface PageRequest {
  readonly window: Window;
  /** From 1. */
  readonly page: number;
}

/**
 * A foundation as the archive needs it. Every method throws `ArchiveError` with a `CF_…` code, or `DEADLINE_REACHED` when it would have to wait past the run's deadline.
 */
export interface AuditEventSource {
  /** The API root's URL, as configured. */
  readonly api: string;

  /** Rows of a full page; every page of a read has this size. */
  readonly pageSize: number;

  /** Prove that the foundation answers, that its API is new enough, and that our token sees all events. */
  check(): Promise<void>;

  /** Number of events in the window now. */
  count(window: Window): Promise<number>;

  /** `created_at` of the oldest event; undefined when there is none. */
  oldest(): Promise<Date | undefined>;

  /** Write one page's body, exactly as received, to a new file. */
  spoolPage(request: PageRequest, file: string): Promise<void>;

  /** Names by GUID of those that still exist. */
  organizationNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  spaceNames(guids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** What a spooled page says of itself and of its rows, after all of them were staged. */
export interface PageFacts {
  /** By which `keep` names the page. */
  readonly page: number;
  /** Events that Cloud Controller counts in the page's window. */
  readonly totalResults: number;
  readonly rows: number;
  /** Second of the last row; undefined for an empty page. */
  readonly lastSecond: Date | undefined;
  /** Rows displayed before `lastSecond`. */
  readonly rowsBeforeLastSecond: number;
  /** Whether every row's displayed instant lies in the page's window, in ascending order. */
  readonly ordered: boolean;
}

/** Rows of a staged page that belong to the day: all, or those before a second. */
export interface KeptPage {
  readonly page: number;
  readonly before?: Date | undefined;
}

/** A set of event GUIDs. */
export interface GuidSet {
  readonly events: number;
  /** Lower-case hex SHA-256 over the distinct GUIDs in ascending byte order, each followed by LF. */
  readonly guidDigest: string;
}

export interface PartFile extends GuidSet {
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the file. */
  readonly sha256: string;
  readonly eventsByType: Readonly<Record<string, number>>;
  readonly minCreatedAt: Date | undefined;
  readonly maxCreatedAt: Date | undefined;
  readonly misplaced: number;
  readonly unrepresentable: number;
  /** GUIDs of the unrepresentable ones, ascending, at most `MAX_NAMED_GUIDS`. */
  readonly unrepresentableGuids: readonly string[];
}

/** How many GUIDs a run names of a day, so that its report stays readable. */
export const MAX_NAMED_GUIDS = 10_000;

/** GUID → name, for the two columns that the source's events lack. */
export interface ScopeNames {
  readonly organizations: ReadonlyMap<string, string>;
  readonly spaces: ReadonlyMap<string, string>;
}

/** What reading a window gave: which rows of which pages are the window's events, proven by the source's own counts. */
export interface WindowRead {
  readonly keep: readonly KeptPage[];
  readonly requests: readonly ManifestRequest[];
  /** Events of the window as the source counted them when the read began; equals the rows kept. */
  readonly total: number;
}

/** A window that has been read completely; those of a day are disjoint. */
export interface ReadPiece extends WindowRead {
  readonly window: Window;
}

/** A piece in a stage, where it may wait for the next run. */
export interface StagedPiece extends ReadPiece {
  readonly readAt: Date;
}

/**
 * Where one read of one day gathers before it becomes a part. Nothing in it survives `close`; all of it survives `suspend`.
 *
 * `keep` lists name pages in any order; a GUID in several of them counts once.
 */
export interface DayStage {
  /** A folder of the stage's own, for spooled pages and copies. */
  readonly directory: string;

  /**
   * Stage all rows of a spooled page.
   * @throws ArchiveError PAGE_UNREADABLE when the body is not a whole page of audit events
   */
  addPage(file: string, request: PageRequest, collectedAt: Date): Promise<PageFacts>;

  /** Remove the file of a spooled page, whether its rows were staged or not. */
  removePage(file: string): Promise<void>;

  /** Pieces that an earlier run read and left by `suspend`, with those recorded since, ascending. */
  pieces(): Promise<readonly StagedPiece[]>;

  /** Remember that a window is read; its pages are staged already. */
  recordPiece(piece: StagedPiece): Promise<void>;

  /** Forget all pieces and staged rows: the day moved, and is read anew. */
  forget(): Promise<void>;

  /** The set of GUIDs in the kept rows. */
  guidsOf(keep: readonly KeptPage[]): Promise<GuidSet>;

  /** GUIDs of organizations and spaces in the kept rows. */
  scopesOf(keep: readonly KeptPage[]): Promise<{ organizations: string[]; spaces: string[] }>;

  /** GUIDs of stored parts that are in none of the kept rows: ascending, the first `limit` of them. */
  missingGuids(
    keep: readonly KeptPage[],
    storedParts: readonly string[],
    limit: number,
  ): Promise<string[]>;

  /**
   * Write the kept rows whose GUID is in none of the stored parts to a new part file, read it back with the reader, and compare.
   * Undefined when no such row is left.
   * @throws ArchiveError PART_INVALID when what was read back differs from what was staged
   */
  writePart(part: {
    readonly keep: readonly KeptPage[];
    readonly names: ScopeNames;
    readonly storedParts: readonly string[];
    readonly day: Window;
    readonly file: string;
  }): Promise<PartFile | undefined>;

  /** Remove the stage. */
  close(): Promise<void>;

  /** Close the stage but keep what it holds, for the next stage of its name. */
  suspend(): Promise<void>;
}

/** Makes stages, and describes parts that are already stored. */
export interface Parts {
  /**
   * The stage of this name that an earlier run left by `suspend`, if it can still be used, else a new one.
   * @param name - of lower-case letters, digits, `-`, `=` and `_`; names the foundation and the day
   */
  openStage(name: string): Promise<DayStage>;

  /** @throws ArchiveError PART_INVALID when the file is no whole part */
  describePart(file: string, day: Window): Promise<PartFile>;

  /** The set of GUIDs in several part files together. */
  guidsOfParts(files: readonly string[]): Promise<GuidSet>;

  /** How many events of disjoint part files of a day may have been created in a window of it: those that are shown there, and misplaced ones, of which nobody can tell. */
  countEvents(files: readonly string[], window: Window, day: Window): Promise<number>;
}
