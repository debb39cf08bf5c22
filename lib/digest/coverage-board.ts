import { type ArchivePolicy, closesAt } from '../domain/archive-policy.ts';
import type { CoveredDay } from '../domain/coverage.ts';
import { type Day, dayOf, daysFrom, nextDay } from '../domain/day.ts';
import type { DigestDay } from '../domain/digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { eventsPrefix, manifestKey, parseRevisionKey } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Loss } from '../domain/run-report.ts';
import { type Link, linkName, listChain, readLink } from './chain-head.ts';
import { readManifestDocument } from './documents.ts';
import { isOverdue } from './grace.ts';
import { recentLinks } from './recent-links.ts';
import { contentOf, unnamedKeys } from './unnamed-objects.ts';

/** `lost`: a loss is on record, even if a remainder is stored. `missing`: closed, and not stored, or stored and no longer there. */
export type BoardState = 'closed' | 'partial' | 'open' | 'missing' | 'lost';

export interface BoardDay {
  readonly dt: Day;
  readonly state: BoardState;
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
  const { head, days, parts } = await readTable(store, foundation, now);
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

/**
 * What the archive has of each day, for whoever answers questions: `days` of the board, and `before_archive` for days older than all it knows.
 *
 * Every foundation's table is read once.
 */
export function openCoverage(
  store: ObjectStore,
  policies: ReadonlyMap<FoundationName, ArchivePolicy>,
  now: Date,
): (foundation: FoundationName, first: Day | undefined, last: Day) => Promise<CoveredDay[]> {
  const tables = new Map<FoundationName, ReturnType<typeof tableOf>>();
  const tableOf = async (foundation: FoundationName) => {
    const { days, parts } = await readTable(store, foundation, now);
    return { table: new Map(days.map((day) => [day.dt, day])), parts };
  };
  return async (foundation, first, last) => {
    const reading = tables.get(foundation) ?? tableOf(foundation);
    tables.set(foundation, reading);
    const { table, parts } = await reading;
    const policy = policies.get(foundation);
    const [begin] = table.keys();
    return daysFrom(first ?? begin ?? last, last).map((dt) => {
      const before = begin === undefined || dt < begin;
      const open = policy !== undefined && closesAt(dt, policy) > now;
      const known = table.get(dt);
      if (before && !open) return { foundation, dt, state: 'before_archive' };
      const state = open ? 'open' : 'missing';
      return { foundation, dt, state: known ? stateOf(known, parts.get(dt), state) : state };
    });
  };
}

interface Table {
  readonly head: Link | undefined;
  readonly days: readonly DigestDay[];
  /** How many parts of each day there are. */
  readonly parts: ReadonlyMap<Day, number>;
}

async function readTable(
  store: ObjectStore,
  foundation: FoundationName,
  now: Date,
): Promise<Table> {
  const counting = countParts(store, foundation);
  // Awaited last; an earlier failure is the one to tell.
  counting.catch(() => undefined);
  const chain = await listChain(store, foundation);
  const newest = chain.digests.at(-1);
  const head = newest === undefined ? undefined : await readHead(store, foundation, newest);
  const recent = await recentLinks(store, chain, head);
  const keys = await unnamedKeys(store, foundation, head?.digest, recent, dayOf(now));
  const { days } = await contentOf(store, head?.digest.days ?? [], keys);
  return { head, days, parts: await counting };
}

async function countParts(
  store: ObjectStore,
  foundation: FoundationName,
): Promise<ReadonlyMap<Day, number>> {
  const parts = new Map<Day, number>();
  for await (const { key } of store.list(eventsPrefix(foundation))) {
    const day = parseRevisionKey(key)?.day;
    if (day !== undefined) parts.set(day, (parts.get(day) ?? 0) + 1);
  }
  return parts;
}

/** A head that cannot be read is for `verify` to name; the board is then made from all documents. */
async function readHead(
  store: ObjectStore,
  foundation: FoundationName,
  day: Day,
): Promise<Link | undefined> {
  try {
    return await readLink(store, foundation, day);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'DIGEST_INVALID') return undefined;
    throw error;
  }
}

const unknownDay = (dt: Day, policy: ArchivePolicy, now: Date): BoardDay => ({
  dt,
  state: closesAt(dt, policy) > now ? 'open' : 'missing',
  events: 0,
  revisions: 0,
  deletedAtSource: 0,
  countedAt: undefined,
});

/** @param parts - how many of the day there are: what is on record and not there is missing, whatever the record says */
function stateOf(day: DigestDay, parts: number | undefined, unstored: BoardState): BoardState {
  if (day.losses.length > 0) return 'lost';
  if (day.status === null) return unstored;
  if ((parts ?? 0) < leastParts(day)) return 'missing';
  return day.status === 'partial' ? 'partial' : 'closed';
}

/** Every revision stored a part, but for a first one of a day that was empty then. */
const leastParts = ({ events, revisions }: DigestDay): number =>
  events === 0 ? 0 : Math.max(1, revisions - 1);

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
