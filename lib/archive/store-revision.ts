import { windowOf } from '../domain/day.ts';
import {
  MANIFEST_FORMAT,
  type Manifest,
  type ManifestRequest,
  type ManifestStatus,
  manifestBytes,
} from '../domain/manifest.ts';
import { manifestKey, partKey } from '../domain/object-keys.ts';
import type { DayContext, DayTask } from './day-context.ts';
import type { GuidSet, PartFile, WindowRead } from './ports.ts';
import { listStoredDay, nextRevision, type Orphan, type StoredDay } from './stored-day.ts';

/**
 * Give a part that no manifest names its manifest.
 *
 * @param file - a local copy of the part
 * @param partsBefore - local copies of the parts that earlier manifests name
 * @returns false when another run stored the manifest meanwhile
 */
export async function adoptOrphan(
  context: DayContext,
  task: DayTask,
  orphan: Orphan,
  { file, partsBefore }: { readonly file: string; readonly partsBefore: readonly string[] },
  startedAt: Date,
): Promise<boolean> {
  const part = await context.parts.describePart(file, windowOf(task.day));
  const manifest = describeRevision(context, task, {
    revision: orphan.manifest,
    partRevision: orphan.part,
    status: 'adopted',
    part,
    requests: [],
    cumulative: await context.parts.guidsOfParts([...partsBefore, file]),
    startedAt,
  });
  return putManifest(context, manifest);
}

/**
 * Store what is new of a day as its next revision: the part, then its manifest.
 *
 * @returns `conflict` when another run stored either of them meanwhile; nothing of ours is lost, the day is begun again
 */
export async function storeRevision(
  context: DayContext,
  task: DayTask,
  {
    stored,
    storedParts,
    part,
    read,
    startedAt,
  }: {
    stored: StoredDay;
    storedParts: readonly string[];
    part: PartFile | undefined;
    read: WindowRead;
    startedAt: Date;
  },
): Promise<Manifest | 'conflict'> {
  const revision = nextRevision(stored);
  if (stored.parts.length === 0 && (await hasMoved(context, task, stored))) return 'conflict';
  const cumulative = await context.parts.guidsOfParts(
    part ? [...storedParts, part.file] : storedParts,
  );
  if (part) {
    const put = await context.store.create(partKey(task.foundation, task.day, revision), part);
    if (put === 'exists') return 'conflict';
    await context.onStep?.('part-stored');
  }
  // Described last: a digest that is made while the part is on its way cannot name a manifest that says it was there before.
  const manifest = describeRevision(context, task, {
    revision,
    partRevision: revision,
    status: revision > 0 ? 'supplement' : firstStatus(task, part),
    part,
    requests: read.requests,
    cumulative,
    startedAt,
  });
  if (!(await putManifest(context, manifest))) return 'conflict';
  await context.onStep?.('manifest-stored');
  return manifest;
}

/**
 * Whether another run has stored something of the day while this one read it.
 *
 * Nearly always the first key to be created would tell. But of a day that is empty for one run and not for the other, one stores a manifest without a part and the other a part, and their keys differ.
 * What comes between this look and the write is adopted afterwards.
 */
async function hasMoved(
  { store }: DayContext,
  { foundation, day }: DayTask,
  stored: StoredDay,
): Promise<boolean> {
  const now = await listStoredDay(store, foundation, day);
  return nextRevision(now) !== nextRevision(stored);
}

const firstStatus = ({ partial }: DayTask, part: PartFile | undefined): ManifestStatus =>
  partial ? 'partial' : part ? 'closed' : 'empty';

const putManifest = async (context: DayContext, manifest: Manifest): Promise<boolean> =>
  (await context.store.create(
    manifestKey(manifest.foundation, manifest.dt, manifest.revision),
    manifestBytes(manifest),
  )) === 'created';

function describeRevision(
  context: DayContext,
  { foundation, day }: DayTask,
  revision: {
    readonly revision: number;
    readonly partRevision: number;
    readonly status: ManifestStatus;
    readonly part: PartFile | undefined;
    readonly requests: readonly ManifestRequest[];
    readonly cumulative: GuidSet;
    readonly startedAt: Date;
  },
): Manifest {
  const { part, cumulative } = revision;
  const window = windowOf(day);
  return {
    format: MANIFEST_FORMAT,
    foundation,
    api: context.source.api,
    dt: day,
    revision: revision.revision,
    status: revision.status,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    requests: [...revision.requests],
    events: part?.events ?? 0,
    events_by_type: { ...part?.eventsByType },
    misplaced: part?.misplaced ?? 0,
    unrepresentable: part?.unrepresentable ?? 0,
    part: part
      ? {
          key: partKey(foundation, day, revision.partRevision),
          bytes: part.bytes,
          sha256: part.sha256,
          rows: part.events,
          min_created_at: part.minCreatedAt?.toISOString() ?? null,
          max_created_at: part.maxCreatedAt?.toISOString() ?? null,
        }
      : null,
    cumulative: { events: cumulative.events, guid_digest: cumulative.guidDigest },
    settle_seconds: context.settleMs / 1000,
    tool: context.tool,
    started_at: revision.startedAt.toISOString(),
    finished_at: context.now().toISOString(),
  };
}
