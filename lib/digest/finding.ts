import type { Day } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';

/**
 * What can be wrong with an archive.
 *
 * `missing`: a signed document says it is there. `altered`: its bytes are not those that were signed. `extra`: no document speaks of it, its name is none of ours, or it is no object at all, such as a link.
 * `unsigned`: of our form, but no link vouches for it. `wrong_signature`: a signature that is none of a trusted key over these bytes. `gap`: calendar days without a link.
 * `signed_late`: signed more than 26 hours after it was written. `head_cut_off`: an anchored head is no link of the chain. `digest_overdue`: the newest link is older than 26 hours.
 * `invalid`: a document contradicts its name or itself. `mismatch`: signed documents, or a part and its manifest, contradict each other. `duplicate`: one event is stored twice.
 */
export const FINDING_KINDS = [
  'missing',
  'altered',
  'extra',
  'unsigned',
  'wrong_signature',
  'gap',
  'signed_late',
  'head_cut_off',
  'digest_overdue',
  'invalid',
  'mismatch',
  'duplicate',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/**
 * What is worth knowing and no finding.
 *
 * `pending`: young, and the next digest will sign it. `unvouched`: could not be judged, because the link that may have named it is itself a finding. `digest_overdue`: of a copy, which says nothing about later days.
 * `not_stored`: a day without a manifest. `partial`, `lost`, `deleted_at_source`, `never_counted`: what the signed coverage table says of a day.
 */
export const REMARK_KINDS = [
  'pending',
  'unvouched',
  'digest_overdue',
  'not_stored',
  'partial',
  'lost',
  'deleted_at_source',
  'never_counted',
] as const;
export type RemarkKind = (typeof REMARK_KINDS)[number];

interface About<K> {
  readonly kind: K;
  /** Null: the object belongs to no foundation. */
  readonly foundation: FoundationName | null;
  /** UTC day of the events, the run or the digest concerned; null when it has none. */
  readonly day: Day | null;
  /** Key of the object, whether it exists or not; for a head its SHA-256. */
  readonly object: string;
  /** A sentence for people. */
  readonly meaning: string;
}
export type Finding = About<FindingKind>;
export type Remark = About<RemarkKind>;

/** Takes findings and remarks as they are met, in no order. */
export interface Notes {
  finding(finding: Finding): void;
  remark(remark: Remark): void;
}
