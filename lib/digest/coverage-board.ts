import { type ArchivePolicy, closesAt } from '../domain/archive-policy.ts';
import { type Day, dayOf, daysFrom, nextDay } from '../domain/day.ts';
import type { DigestDay } from '../domain/digest.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { manifestKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Loss } from '../domain/run-report.ts';
import { type Link, linkName } from './chain-head.ts';
import { type KnownState, readCoverageTable, stateOf } from './coverage-table.ts';
import { readManifestDocument } from './documents.ts';
import { isOverdue } from './grace.ts';

export interface BoardDay {
  readonly dt: Day;
  readonly state: KnownState;
  readonly events: number;
  /** Manifests of the day; all but the first are supplements or adoptions. */
  readonly revisions: number;
  readonly deletedAtSource: number;
  /** When the source was last asked for its count. */
  readonly countedAt: Date | undefined;
}

/** How one foundation's archive stands. */
export interface CoverageBoard {
  readonly foundation: FoundationName;
  /** `created_at` of the newest archived event. */
  readonly newestEvent: Date | undefined;
  readonly newestDigest:
    | { readonly day: Day; readonly key: string; readonly sha256: string }
    | undefined;
  readonly digestOverdue: boolean;
  /** Every day since the first that is known, ascending. */
  readonly days: readonly BoardDay[];
  /** Every loss ever recorded, in the order of their days. */
  readonly losses: readonly Loss[];
  /** No loss, no missing day, no digest overdue. */
  readonly healthy: boolean;
}

export interface BoardContext {
  readonly store: ObjectStore;
  readonly now: Date;
  readonly policy: ArchivePolicy;
  /** Whether digests are to be expected. */
  readonly signed: boolean;
}

/**
 * The coverage board of a foundation: the coverage table of its newest digest, moved on by what was written since, and held against the parts that there are. What is in them is for `verify`.
 */
export async function readCoverageBoard(
  context: BoardContext,
  foundation: FoundationName,
): Promise<CoverageBoard> {
  const { store, now, policy } = context;
  const { head, days, parts } = await readCoverageTable(store, foundation, now);
  const last = days.at(-1)?.dt;
  const since = last === undefined ? [] : daysFrom(nextDay(last), dayOf(now));
  const board = [
    ...days.map((day) => boardDay(day, parts.get(day.dt), policy, now)),
    ...since.map((dt) => unknownDay(dt, policy, now)),
  ];
  const losses = days.flatMap((day) => day.losses);
  const digestOverdue = context.signed && isDigestOverdue(head, days, now);
  return {
    foundation,
    newestEvent: await newestEvent(store, foundation, days),
    newestDigest: head && { ...linkName(head), day: head.digest.day },
    digestOverdue,
    days: board,
    losses,
    healthy:
      losses.length === 0 && !digestOverdue && board.every(({ state }) => state !== 'missing'),
  };
}

const unknownDay = (dt: Day, policy: ArchivePolicy, now: Date): BoardDay => ({
  dt,
  state: closesAt(dt, policy) > now ? 'open' : 'missing',
  events: 0,
  revisions: 0,
  deletedAtSource: 0,
  countedAt: undefined,
});

function boardDay(
  day: DigestDay,
  parts: number | undefined,
  policy: ArchivePolicy,
  now: Date,
): BoardDay {
  const unstored = unknownDay(day.dt, policy, now);
  return {
    dt: day.dt,
    state: stateOf(day, parts, unstored.state),
    events: day.events,
    revisions: day.revisions,
    deletedAtSource: day.deleted_at_source,
    countedAt: day.counted_at === null ? undefined : new Date(day.counted_at),
  };
}

/** Before the first digest, the first count says since when one could have been made. */
function isDigestOverdue(head: Link | undefined, days: readonly DigestDay[], now: Date): boolean {
  if (head !== undefined) return isOverdue(new Date(head.digest.signed_at), now);
  const counted = days
    .flatMap(({ counted_at }) => (counted_at === null ? [] : [counted_at]))
    .sort();
  return counted[0] !== undefined && isOverdue(new Date(counted[0]), now);
}

async function newestEvent(
  store: ObjectStore,
  foundation: FoundationName,
  days: readonly DigestDay[],
): Promise<Date | undefined> {
  for (const { dt, events, revisions } of [...days].reverse()) {
    if (events === 0) continue;
    const instants: string[] = [];
    for (let revision = 0; revision < revisions; revision += 1) {
      const key = manifestKey(foundation, dt, revision);
      const bytes = await store.get(key);
      const read = bytes && readManifestDocument(key, bytes);
      if (read?.ok && read.value.part?.max_created_at)
        instants.push(read.value.part.max_created_at);
    }
    const newest = instants.sort().at(-1);
    if (newest !== undefined) return new Date(newest);
  }
  return undefined;
}
