import type { PublicJwk } from '../domain/public-key.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import type { Window } from '../domain/window.ts';

/** Holds an Ed25519 private key, or knows who does. */
export interface Signer {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  publicJwk(): PublicJwk;
  /**
   * The 64 bytes of an Ed25519 signature (RFC 8032, not pre-hashed).
   * @throws ArchiveError SIGNING_FAILED
   */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A set of event GUIDs. */
export interface GuidSet {
  readonly events: number;
  /** Lower-case hex SHA-256 over the distinct GUIDs in ascending byte order, each followed by LF. */
  readonly guidDigest: string;
}

/** What the rows of a part say, to be compared with what its manifest says. */
export interface PartFacts extends GuidSet {
  readonly eventsByType: Readonly<Record<string, number>>;
  readonly minCreatedAt: Date | undefined;
  readonly maxCreatedAt: Date | undefined;
  readonly misplaced: number;
  readonly unrepresentable: number;
}

/** Reads rolled days of the query log. */
export interface QuestionDayReader {
  /** All rows, in the file's order. @throws ArchiveError PART_INVALID when the file is no such day */
  read(file: string): Promise<readonly QuestionRow[]>;
}

/** Reads stored parts. */
export interface PartReader {
  /** @throws ArchiveError PART_INVALID when the file is no whole part, or has a GUID twice */
  describePart(file: string, day: Window): Promise<PartFacts>;

  /** The set of GUIDs in several part files together. */
  guidsOfParts(files: readonly string[]): Promise<GuidSet>;
}
