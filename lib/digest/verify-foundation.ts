import type { Day } from '../domain/day.ts';
import type { Digest, DigestDay, NamedObject } from '../domain/digest.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { FoundationCensus } from './census.ts';
import { ChainIndex } from './chain-index.ts';
import { checkDay } from './check-day.ts';
import { checkLink } from './check-link.ts';
import type { TrustedKeys } from './check-signature.ts';
import type { Notes } from './finding.ts';
import { judgeHead, remarkDay } from './judge-coverage.ts';
import type { JudgedLink } from './judge-link.ts';
import { NamedObjects } from './named-objects.ts';
import type { PartReader } from './ports.ts';
import { TaskPool } from './task-pool.ts';
import { walkChain } from './walk-chain.ts';

/** Reads of small objects at once, for each day or link that is checked at once. */
const READS_PER_TASK = 4;

export interface FoundationCheck {
  readonly store: ObjectStore;
  readonly parts: PartReader;
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
  const { store, notes, onProgress } = check;
  const index = new ChainIndex();
  const named = new NamedObjects();
  const pool = new TaskPool(check.concurrency);
  const totals = { objects: 0, bytes: 0, rows: 0, digests: 0 };
  const limited = limitConcurrency(check.concurrency * READS_PER_TASK);
  let at = [...census.digests].sort().at(-1) ?? ('' as Day);
  const onObject = (bytes: number): void => {
    totals.objects += 1;
    totals.bytes += bytes;
    onProgress?.({ foundation, day: at, ofObjects: census.objects, ...totals });
  };
  const onRows = (rows: number): void => {
    totals.rows += rows;
  };

  let head: { link: JudgedLink; digest: Digest; table: ReadonlyMap<Day, DigestDay> } | undefined;
  const waiting = [...census.days].sort();
  /** Every link of a later day than `until` has been walked. */
  const checkDays = async (until: Day | undefined): Promise<void> => {
    if (until === undefined) {
      // A link names what its key says is of a day no file is of: the day is checked for what is missing.
      const known = new Set(waiting);
      waiting.push(...named.days.filter((day) => !known.has(day)));
      waiting.sort();
    }
    for (let dt = waiting.at(-1); dt !== undefined; dt = waiting.at(-1)) {
      if (until !== undefined && dt <= until) return;
      waiting.pop();
      const day = { dt, named: named.take(dt), counted: head?.table.get(dt) };
      await pool.add(() => checkDay({ ...check, foundation, index, onObject, onRows }, day));
    }
  };

  try {
    let newer: JudgedLink | undefined;
    const linkContext = { store, notes, limited, onObject };
    const addLink = async (older: Digest | null | undefined): Promise<void> => {
      const digest = newer?.digest;
      if (digest) await pool.add(() => checkLink(linkContext, digest, older));
    };
    const walk = { ...check, foundation };
    for await (const link of walkChain(walk, census.digests, census.signatures)) {
      at = link.day;
      index.add(link);
      if (link.sha256 !== undefined && check.heads.has(link.sha256))
        check.headsFound.add(link.sha256);
      if (link.sha256 !== undefined) onObject(link.bytes);
      if (census.signatures.has(link.day)) onObject(0);
      if (link.digest) {
        totals.digests += 1;
        named.add(link.digest);
        head ??= {
          link,
          digest: link.digest,
          table: new Map(link.digest.days.map((day) => [day.dt, day])),
        };
      }
      await addLink(link.digest);
      // Before the first trusted link nothing can be said of unsigned objects.
      if (head) await checkDays(link.day);
      newer = link;
    }
    await addLink(newer?.digest?.previous === null ? null : undefined);
    // Days that the table counts and of which nothing is left.
    for (const { dt, revisions } of head?.digest.days ?? []) {
      if (revisions > 0 && !census.days.has(dt)) waiting.push(dt);
    }
    waiting.sort();
    await checkDays(undefined);
    await pool.drain();
  } finally {
    await pool.settle();
  }

  judgeHead(check, foundation, census, index.newest);
  for (const day of head?.digest.days ?? []) remarkDay(check, foundation, day);
  return {
    name: foundation,
    head: head ? { day: head.link.day, key: head.link.key, sha256: head.link.sha256 ?? '' } : null,
    days: head?.digest.days.length ?? 0,
    ...totals,
  };
}
