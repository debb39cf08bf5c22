import { type Day, dayOf } from '../domain/day.ts';
import type { Digest, NamedObject } from '../domain/digest.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { FoundationCensus } from './census.ts';
import { ChainIndex } from './chain-index.ts';
import { checkDay } from './check-day.ts';
import { checkLink } from './check-link.ts';
import type { TrustedKeys } from './check-signature.ts';
import { DayQueue } from './day-queue.ts';
import type { Notes } from './finding.ts';
import { judgeHead, remarkDay } from './judge-coverage.ts';
import type { JudgedLink } from './judge-link.ts';
import type { PartReader, QuestionDayReader } from './ports.ts';
import { TaskPool } from './task-pool.ts';
import { walkChain } from './walk-chain.ts';

/** Reads of small objects at once, for each day or link that is checked at once. */
const READS_PER_TASK = 4;

export interface FoundationCheck {
  readonly store: ObjectStore;
  readonly parts: PartReader;
  readonly questionDays: QuestionDayReader;
  readonly keys: TrustedKeys;
  readonly notes: Notes;
  /** The instant as of which is judged. */
  readonly now: Date;
  /** Whether `now` is the archive's own newest instant, because nobody gave another: later days are then unknown. */
  readonly isCopy: boolean;
  /** SHA-256 of anchored heads; those that are met are added to `headsFound`. */
  readonly heads: ReadonlySet<string>;
  readonly headsFound: Set<string>;
  /** Days and links checked at once. */
  readonly concurrency: number;
  /** For copies of parts. */
  readonly workDirectory: string;
  readonly onProgress?: ((progress: FoundationProgress) => void) | undefined;
}

export interface FoundationProgress {
  readonly foundation: FoundationName;
  /** The day at which the walk is. */
  readonly day: Day;
  readonly objects: number;
  readonly ofObjects: number;
  readonly bytes: number;
}

/** What was verified of a foundation. */
export interface VerifiedFoundation {
  readonly name: FoundationName;
  /** Newest trusted link; null when there is none. */
  readonly head: (NamedObject & { readonly day: Day }) | null;
  /** Trusted links. */
  readonly digests: number;
  /** Days that the head's coverage table counts. */
  readonly days: number;
  /** Objects read, with their bytes, and rows in parts that are as their manifests say. */
  readonly objects: number;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Verify one foundation, newest link to oldest: signatures and hashes of the chain, everything each link names, and every day down to its rows.
 *
 * Memory is flat: a handful of links and days at a time, whatever the length of the chain. A day is checked as soon as every link that can name something of it has been walked.
 */
export async function verifyFoundation(
  check: FoundationCheck,
  foundation: FoundationName,
  census: FoundationCensus,
): Promise<VerifiedFoundation> {
  const totals = { objects: 0, bytes: 0, rows: 0, digests: 0 };
  let at: Day = [...census.digests, ...census.days].sort().at(-1) ?? dayOf(check.now);
  const count = (objects: number, bytes: number): void => {
    totals.objects += objects;
    totals.bytes += bytes;
    check.onProgress?.({ foundation, day: at, ofObjects: census.objects, ...totals });
  };
  const counters = {
    onObject: (bytes: number): void => count(1, bytes),
    onRows: (rows: number): void => {
      totals.rows += rows;
    },
  };
  const limited = limitConcurrency(check.concurrency * READS_PER_TASK);
  const context = { ...check, ...counters, foundation, index: new ChainIndex(), limited };
  const days = new DayQueue(census.days);
  const pool = new TaskPool(check.concurrency);
  let head: Digest | undefined;
  let headLink: JudgedLink | undefined;

  /** A link is checked once the one before it is known. */
  let unchecked: Digest | undefined;
  const checkPending = async (before: Digest | null | undefined): Promise<void> => {
    const digest = unchecked;
    if (digest) await pool.add(() => checkLink(context, digest, before));
  };
  try {
    for await (const link of walkChain(context, census.digests, census.signatures)) {
      at = link.day;
      count(link.files, link.bytes);
      context.index.add(link);
      if (link.sha256 !== undefined && check.heads.has(link.sha256)) {
        check.headsFound.add(link.sha256);
      }
      await checkPending(link.digest);
      unchecked = link.digest;
      if (link.digest === undefined) continue;
      totals.digests += 1;
      head ??= link.digest;
      headLink ??= link;
      days.add(link.digest);
      for (const day of days.readyAfter(link.day)) await pool.add(() => checkDay(context, day));
    }
    await checkPending(unchecked?.previous === null ? null : undefined);
    for (const day of days.rest()) await pool.add(() => checkDay(context, day));
    await pool.drain();
  } finally {
    await pool.settle();
  }

  judgeHead(check, foundation, census, context.index.newest);
  for (const day of head?.days ?? []) remarkDay(check, foundation, day);
  return {
    name: foundation,
    head:
      headLink && head ? { day: head.day, key: headLink.key, sha256: headLink.sha256 ?? '' } : null,
    days: head?.days.length ?? 0,
    ...totals,
  };
}
