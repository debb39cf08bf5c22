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
import { nextRevision, type StoredDay } from './stored-day.ts';

/**
 * Give a part that a dead run left behind its manifest.
 *
 * @param partsUpTo - local copies of the day's parts up to the orphan, which is the last of them
 * @returns false when another run stored the manifest meanwhile
 */
export async function adoptOrphan(
  context: DayContext,
  task: DayTask,
  revision: number,
  partsUpTo: readonly string[],
  startedAt: Date,
): Promise<boolean> {
  const file = partsUpTo.at(-1) ?? '';
  const part = await context.parts.describePart(file, windowOf(task.day));
  const manifest = describeRevision(context, task, {
    revision,
    status: 'adopted',
    part,
    requests: [],
    cumulative: await context.parts.guidsOfParts(partsUpTo),
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
  const manifest = describeRevision(context, task, {
    revision,
    status: revision > 0 ? 'supplement' : firstStatus(task, part),
    part,
    requests: read.requests,
    cumulative: await context.parts.guidsOfParts(part ? [...storedParts, part.file] : storedParts),
    startedAt,
  });
  if (part) {
    const put = await context.store.create(partKey(task.foundation, task.day, revision), part);
    if (put === 'exists') return 'conflict';
    await context.onStep?.('part-stored');
  }
  if (!(await putManifest(context, manifest))) return 'conflict';
  await context.onStep?.('manifest-stored');
  return manifest;
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
          key: partKey(foundation, day, revision.revision),
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
