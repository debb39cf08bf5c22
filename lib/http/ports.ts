import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';
import type { Visibility } from '../domain/visibility.ts';
import type { Caller } from '../identity/caller.ts';
import type { CoverageReader, QueryEngine } from '../query/ports.ts';
import type { AskedQuestion, QuestionPage } from '../query-log/ports.ts';
import type { ExportFormat, ExportSource } from '../report/export-source.ts';

/** What the foundation's own `GET /` says, as far as clients of the archive need it. */
export interface FoundationLinks {
  readonly uaa: string;
  readonly login: string;
  /** Of its v3 API, such as `3.228.0`. */
  readonly version: string;
}

/** A foundation as it is served. */
export interface Site {
  readonly name: FoundationName;
  /** The host name by which its drop-in is reached without a path before it; undefined: none of its own. */
  readonly host: string | undefined;
  /** Throws ArchiveError TOKEN_MISSING, TOKEN_INVALID, SCOPE_INSUFFICIENT, IDENTITY_UNAVAILABLE. */
  readonly identify: (authorization: string | undefined) => Promise<Caller>;
  /** Throws ArchiveError ROLES_UNAVAILABLE. */
  readonly visibility: (caller: Caller, signal: AbortSignal) => Promise<Visibility>;
  /** Throws ArchiveError CF_…, when they are neither known nor configured. */
  readonly links: () => Promise<FoundationLinks>;
}

/** The archive as it is now. */
export interface ArchiveNow {
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly coverage: CoverageReader;
  readonly cursorKey: () => Promise<Uint8Array>;
  /** Bytes that one question may read; undefined: any number. */
  readonly maxScanBytes: number | undefined;
}

export interface ExportFile {
  readonly file: string;
  readonly bytes: number;
  readonly remove: () => Promise<void>;
}

/** Where whole exports are put when an answer cannot hold them. */
export interface ExportPlace {
  /** A URL under which the file can be fetched without a token, and until when. @param signal - ends it */
  publish(
    file: ExportFile,
    name: string,
    contentType: string,
    signal?: AbortSignal,
  ): Promise<{ readonly url: string; readonly expiresAt: Date }>;
}

export interface HttpPorts {
  /** At least one. */
  readonly sites: readonly Site[];
  readonly now: () => Date;
  readonly archive: () => ArchiveNow;
  /** Once a question, and twice for a file that is sent while it is made or is made before it is sent; when it throws, the question fails. */
  readonly log: (question: AskedQuestion) => Promise<void>;
  /** Questions that were asked before. Throws ArchiveError SCOPE_INSUFFICIENT for whoever does not see everything. */
  readonly queries: (
    foundation: FoundationName,
    filter: QuestionFilter,
    page: QuestionPage,
    visibility: Visibility,
    signal: AbortSignal | undefined,
  ) => Promise<{ readonly questions: readonly QuestionRow[]; readonly next: string | null }>;
  /** Rows as a file of a format that cannot be sent while it is made. */
  readonly writeFile: <Row>(source: ExportSource<Row>, format: ExportFormat) => Promise<ExportFile>;
  /** Undefined: exports are sent as the answer. */
  readonly exports?: ExportPlace | undefined;
  /** Milliseconds after which a request must have come to its end, by what its host says of it; undefined: as many as it takes. */
  readonly timeLeftMs?: ((host: unknown) => number) | undefined;
  /** A fault of this program: for its operator, never for the caller. */
  readonly onFault: (error: unknown) => void;
}

/** What is decided by the operator. */
export interface HttpOptions {
  /** Origin that clients reach us by; undefined: the one they asked. */
  readonly url: string | undefined;
  /** Hosts that are answered at all; undefined: any. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Origins whose pages may read answers; none: no CORS. */
  readonly corsOrigins: readonly string[];
  /** Questions of one user that are answered at once; the others wait. */
  readonly questionsPerUser: number;
  /** Questions of one user in an hour; undefined: any number. */
  readonly questionsPerHour: number | undefined;
  readonly timeoutMs: number;
  readonly exportTimeoutMs: number;
  /** Longest range that may be asked for; undefined: any. */
  readonly maxRangeMs: number | undefined;
  /** Length of an answer that can be sent; undefined: any. */
  readonly maxAnswerBytes: number | undefined;
  /** Length of a page, which is made in memory; undefined: any. */
  readonly maxPageBytes: number | undefined;
  /** Bytes that one user's questions may read in a UTC day; undefined: any number. */
  readonly dailyScanBytes: number | undefined;
}
