import { join } from 'node:path';
import { windowOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { plusMs } from '../domain/instant.ts';
import type { ManifestStatus } from '../domain/manifest.ts';
import type { DayContext, DayTask } from './day-context.ts';
import { type AuditEventSource, type DayStage, MAX_NAMED_GUIDS, type WindowRead } from './ports.ts';
import { readDay } from './read-day.ts';
import { adoptOrphan, storeRevision } from './store-revision.ts';
import {
  copyParts,
  listStoredDay,
  nextRevision,
  orphansOf,
  readPartNames,
  type StoredDay,
} from './stored-day.ts';

/** What a run did for one day. */
export interface DayOutcome {
  readonly status: ManifestStatus | 'unchanged';
  /** Events the archive holds of the day now. */
  readonly events: number;
  /** Events among them that were created in the window to recount; where there is none, all. */
  readonly recounted: number;
  /** Events stored by this run. */
  readonly added: number;
  /** Bytes stored by this run. */
  readonly bytes: number;
  /** Revisions adopted from runs that died. */
  readonly adopted: readonly number[];
  /** Events that the source counted in the day when it was read. */
  readonly counted: number;
  /** Archived events that the source no longer has: ascending GUIDs, at most `MAX_NAMED_GUIDS`. */
  readonly missingGuids: readonly string[];
  /** Events stored by this run whose exact bytes are in `extra._raw`, likewise. */
  readonly unrepresentableGuids: readonly string[];
}

/** How often a day is begun again because another run stored a revision meanwhile. */
const MAX_CONFLICTS = 5;

const MINUTE_MS = 60_000;

/**
 * A day that is stored is read again to see what changed, for the last time before it leaves retention; what a dead run left of some earlier read cannot show that.
 * A day and two hours: a long day may take several runs, one a day.
 */
const MAX_PIECE_AGE_MS = 26 * 60 * MINUTE_MS;

/**
 * Bring one day of the archive up to what the source has of it now, crash-safe without locks.
 *
 * Dying between any two steps, or running twice at once, loses nothing and duplicates nothing: the part is stored before its manifest, both create-only, and whoever comes next adopts a part without one.
 *
 * @throws ArchiveError MANIFEST_CONFLICT when other runs kept storing the day first; whatever source, store and parts throw
 */
export function archiveDay(context: DayContext, task: DayTask): Promise<DayOutcome> {
  const adopted: number[] = [];
  return untilNoConflict(context, task, (stage) => completeDay(context, task, adopted, stage));
}

/** Describe the parts of a day that no manifest names, without asking the source for it: there it may be gone. Throws as `archiveDay` does. */
export async function adoptOrphans(context: DayContext, task: DayTask): Promise<void> {
  await untilNoConflict(context, task, (stage) => adoptStored(context, task, [], stage));
}

async function untilNoConflict<T>(
  context: DayContext,
  task: DayTask,
  work: (stage: DayStage) => Promise<T | 'conflict'>,
): Promise<T> {
  for (let attempt = 1; attempt <= MAX_CONFLICTS; attempt += 1) {
    const outcome = await withStage(context, task, work);
    if (outcome !== 'conflict') return outcome;
  }
  throw new ArchiveError(
    'MANIFEST_CONFLICT',
    `${task.foundation} ${task.day}: another run stored a revision first, ${MAX_CONFLICTS} times; the next run will find it`,
  );
}

async function withStage<T>(
  context: DayContext,
  task: DayTask,
  work: (stage: DayStage) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const stage = await context.parts.openStage(`${task.foundation}_${task.day}`);
  let keep = false;
  try {
    const resumed = (await stage.pieces()).length > 0;
    try {
      return await work(stage);
    } catch (error) {
      const long = resumed || performance.now() - begun > (context.worthKeepingMs ?? MINUTE_MS);
      keep = long && error instanceof ArchiveError && error.retryable;
      throw error;
    }
  } finally {
    await (keep ? stage.suspend() : stage.close());
  }
}

/** Steps 1 and 2: what is stored, with a manifest that names it for every part. */
async function adoptStored(
  context: DayContext,
  task: DayTask,
  adopted: number[],
  stage: DayStage,
): Promise<{ stored: StoredDay; storedParts: readonly string[] } | 'conflict'> {
  const { store } = context;
  const startedAt = context.now();
  const stored = await listStoredDay(store, task.foundation, task.day);
  const copies = join(stage.directory, 'parts');
  const storedParts = await copyParts(store, task.foundation, task.day, stored.parts, copies);
  await context.onStep?.('listed');

  const fileOf = (part: number): string => storedParts[stored.parts.indexOf(part)] ?? '';
  const names = new Map(await readPartNames(store, task.foundation, task.day, stored));
  for (const orphan of orphansOf(stored, names)) {
    const before = [...names].flatMap(([manifest, part]) =>
      manifest < orphan.manifest && part !== undefined ? [fileOf(part)] : [],
    );
    const files = { file: fileOf(orphan.part), partsBefore: before };
    if (!(await adoptOrphan(context, task, orphan, files, startedAt))) return 'conflict';
    names.set(orphan.manifest, orphan.part);
    adopted.push(orphan.manifest);
    await context.onStep?.('orphan-adopted');
  }
  return { stored, storedParts };
}

async function completeDay(
  context: DayContext,
  task: DayTask,
  adopted: number[],
  stage: DayStage,
): Promise<DayOutcome | 'conflict'> {
  const { source } = context;
  const startedAt = context.now();
  const described = await adoptStored(context, task, adopted, stage);
  if (described === 'conflict') return 'conflict';
  const { stored, storedParts } = described;
  const read = await readDay(source, stage, windowOf(task.day), {
    concurrency: context.concurrency,
    now: context.now,
    notBefore: nextRevision(stored) === 0 ? undefined : plusMs(startedAt, -MAX_PIECE_AGE_MS),
    onPage: context.onPage,
  });
  await checkDistinct(stage, read);
  const names = await lookUpNames(source, stage, read);
  const missingGuids =
    storedParts.length === 0
      ? []
      : await stage.missingGuids(read.keep, storedParts, MAX_NAMED_GUIDS);
  await context.onStep?.('source-read');

  const part = await stage.writePart({
    keep: read.keep,
    names,
    storedParts,
    day: windowOf(task.day),
    file: join(stage.directory, 'part.parquet'),
  });
  const found = { adopted, counted: read.total, missingGuids };
  if (part === undefined && nextRevision(stored) > 0) {
    const held = await context.parts.guidsOfParts(storedParts);
    return {
      ...found,
      status: 'unchanged',
      events: held.events,
      recounted: await recount(context, task, storedParts, held.events),
      added: 0,
      bytes: 0,
      unrepresentableGuids: [],
    };
  }
  await context.onStep?.('part-written');

  const manifest = await storeRevision(context, task, {
    stored,
    storedParts,
    part,
    read,
    startedAt,
  });
  if (manifest === 'conflict') return 'conflict';
  const { events } = manifest.cumulative;
  const parts = part ? [...storedParts, part.file] : storedParts;
  return {
    ...found,
    status: manifest.status,
    events,
    recounted: await recount(context, task, parts, events),
    added: part?.events ?? 0,
    bytes: part?.bytes ?? 0,
    unrepresentableGuids: part?.unrepresentableGuids ?? [],
  };
}

const recount = async (
  { parts }: DayContext,
  { day, recount: window }: DayTask,
  files: readonly string[],
  events: number,
): Promise<number> => (window ? parts.countEvents(files, window, windowOf(day)) : events);

/** The walk's arithmetic counted rows; each must be an event of its own. */
async function checkDistinct(stage: DayStage, read: WindowRead): Promise<void> {
  const { events } = await stage.guidsOf(read.keep);
  if (events === read.total) return;
  throw new ArchiveError(
    'CF_RESPONSE_INVALID',
    `the source counted ${read.total} events but sent ${events} distinct GUIDs`,
  );
}

/** Best effort: a name that cannot be looked up stays null and fails nothing. One for which only the time is missing is looked up by the next run. */
async function lookUpNames(source: AuditEventSource, stage: DayStage, read: WindowRead) {
  const scopes = await stage.scopesOf(read.keep);
  const [organizations, spaces] = await Promise.all([
    source.organizationNames(scopes.organizations).catch(withoutNames),
    source.spaceNames(scopes.spaces).catch(withoutNames),
  ]);
  return { organizations, spaces };
}

function withoutNames(error: unknown): ReadonlyMap<string, string> {
  if (error instanceof ArchiveError && error.code === 'DEADLINE_REACHED') throw error;
  return new Map();
}
