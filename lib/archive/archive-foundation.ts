import {
  type ArchivePolicy,
  beganBefore,
  closedDays,
  closesAt,
  nextStep,
  oldestKept,
} from '../domain/archive-policy.ts';
import { type Day, windowOf } from '../domain/day.ts';
import { ArchiveError, type ErrorCode } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { secondText } from '../domain/instant.ts';
import { archiveDay, type DayContext, type DayOutcome, type DayStep } from './archive-day.ts';
import type { PageFacts } from './ports.ts';
import {
  listStoredDays,
  NOTHING_STORED,
  orphansOf,
  readManifest,
  type StoredDay,
} from './stored-day.ts';

/** What one run found and did for one closed day. */
export type DayResult = { readonly day: Day } & (
  | ({ readonly kind: 'archived' } & DayOutcome)
  | { readonly kind: 'unchanged'; readonly events: number; readonly deletedAtSource: number }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** The run ended before its turn; it stays open and is tried on the next run. */
  | { readonly kind: 'postponed' }
);

export interface FoundationResult {
  readonly foundation: FoundationName;
  /** Oldest first. */
  readonly days: readonly DayResult[];
}

export interface FoundationTask {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  /** Look at this day only. */
  readonly day?: Day | undefined;
}

export interface FoundationContext extends Omit<DayContext, 'settleMs' | 'onStep' | 'onPage'> {
  readonly onDays?: ((days: readonly Day[]) => void) | undefined;
  readonly onDayStep?: ((day: Day, step: DayStep) => void | Promise<void>) | undefined;
  readonly onPage?: ((day: Day, facts: PageFacts) => void) | undefined;
  readonly onDay?: ((result: DayResult) => void) | undefined;
}

/** Failures that the next day would meet too: the run of this foundation ends. */
const ENDS_THE_RUN: ReadonlySet<ErrorCode> = new Set([
  'CF_UNAUTHORIZED',
  'CF_SCOPE_MISSING',
  'STORE_DENIED',
  'STORE_FULL',
  'STORE_NOT_FOUND',
]);

/**
 * Complete every closed day that the source still keeps: one run of one foundation.
 *
 * Level-triggered: each run looks at all of those days and repairs what is missing, so the first run, missed runs and late events are all the same case. What fails fails its day only, and is tried on the next run.
 *
 * @throws ArchiveError when nothing can be read or stored at all
 */
export async function archiveFoundation(
  context: FoundationContext,
  task: FoundationTask,
): Promise<FoundationResult> {
  const { foundation, policy } = task;
  await context.source.check();
  const now = context.now();
  const kept = oldestKept(await context.source.oldest(), now, policy);
  const days = selectDays(closedDays(kept, now, policy), task, now);
  context.onDays?.(days);

  const [first, last] = [days[0], days.at(-1)];
  const stored =
    first && last
      ? await listStoredDays(context.store, foundation, first, last)
      : new Map<Day, StoredDay>();

  const results: DayResult[] = [];
  let ended = false;
  for (const day of days) {
    const result: DayResult = ended
      ? { day, kind: 'postponed' }
      : await settleDay(context, task, day, stored.get(day) ?? NOTHING_STORED, kept);
    ended ||= result.kind === 'postponed';
    results.push(result);
    context.onDay?.(result);
  }
  return { foundation, days: results };
}

function selectDays(closed: readonly Day[], { day, policy }: FoundationTask, now: Date): Day[] {
  if (day === undefined) return [...closed];
  if (closed.includes(day)) return [day];
  const closes = closesAt(day, policy);
  throw new ArchiveError(
    'USAGE_INVALID',
    closes > now
      ? `--day ${day}: the day is not closed before ${secondText(closes)}; choose an earlier one`
      : `--day ${day}: Cloud Controller no longer keeps the day (retention_days: ${policy.retentionDays}); the oldest it keeps is ${closed[0] ?? 'none'}`,
  );
}

async function settleDay(
  context: FoundationContext,
  task: FoundationTask,
  day: Day,
  stored: StoredDay,
  kept: Date,
): Promise<DayResult> {
  try {
    return await doDay(context, task, day, stored, kept);
  } catch (error) {
    if (!(error instanceof ArchiveError) || ENDS_THE_RUN.has(error.code)) throw error;
    if (error.code === 'DEADLINE_REACHED') return { day, kind: 'postponed' };
    return { day, kind: 'failed', code: error.code, message: error.message };
  }
}

async function doDay(
  context: FoundationContext,
  { foundation, policy }: FoundationTask,
  day: Day,
  stored: StoredDay,
  kept: Date,
): Promise<DayResult> {
  const partial = beganBefore(day, kept);
  const newest = stored.manifests.at(-1);
  const archived =
    newest === undefined
      ? undefined
      : (await readManifest(context.store, foundation, day, newest)).cumulative;
  const counted = archived === undefined ? 0 : await context.source.count(windowOf(day));
  const step = nextStep(archived, orphansOf(stored).length, counted);
  switch (step.kind) {
    case 'done':
      return { day, kind: 'unchanged', events: archived?.events ?? 0, deletedAtSource: 0 };
    case 'shrunk':
      return {
        day,
        kind: 'unchanged',
        events: archived?.events ?? 0,
        // The source's own retention takes the beginning of the oldest day away: that is no deletion.
        deletedAtSource: partial ? 0 : step.deletedAtSource,
      };
    case 'read': {
      const outcome = await archiveDay(
        {
          ...context,
          settleMs: policy.settleMs,
          onStep: (name) => context.onDayStep?.(day, name),
          onPage: (facts) => context.onPage?.(day, facts),
        },
        { foundation, day, partial },
      );
      return outcome.status === 'unchanged' && outcome.adopted.length === 0
        ? { day, kind: 'unchanged', events: outcome.events, deletedAtSource: 0 }
        : { day, kind: 'archived', ...outcome };
    }
  }
}
