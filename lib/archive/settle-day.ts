import {
  type ArchivePolicy,
  beganBefore,
  isExpiring,
  isFinalCheckDue,
  nextStep,
} from '../domain/archive-policy.ts';
import { type Day, windowOf } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Counted } from '../domain/losses.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { RunDay } from '../domain/run-report.ts';
import type { Window } from '../domain/window.ts';
import { archiveDay, type DayOutcome } from './archive-day.ts';
import type { CountContext } from './count-days.ts';
import type { DayContext } from './day-context.ts';
import {
  checkNamedParts,
  orphansOf,
  readManifest,
  readPartNames,
  type StoredDay,
} from './stored-day.ts';

/** What is left to say of a closed day when a run has done with it. */
export interface SettledDay {
  /** What the run stored and found by reading the day; undefined when it did not have to. */
  readonly outcome: DayOutcome | undefined;
  /** Events that the archive holds now. */
  readonly archived: number;
  /** Events among them that were created in the window to recount; where there is none, all. */
  readonly recounted: number;
  readonly counted: Counted;
  readonly finalCheck: boolean;
  readonly deletedAtSource: number;
  /** As far as a full read could name them. */
  readonly deletedGuids: readonly string[];
}

export interface ClosedDay {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  readonly day: Day;
  readonly stored: StoredDay;
  /** What the last run said of the day. */
  readonly before: RunDay | undefined;
  /** What the last run counted of the day, when it was not over and not stored. The day must then be read even when its counts agree: what the archive lacks of it is a loss. */
  readonly recount: Window | undefined;
  /** The oldest instant that the source still keeps. */
  readonly kept: Date;
  /** When the run began. */
  readonly now: Date;
}

/**
 * How one closed day stands; undefined when it has to be read.
 *
 * @throws ArchiveError PART_INVALID when a part that the archive describes is not there; whatever source and store throw
 */
export async function lookAtDay(
  context: CountContext & { readonly store: ObjectStore },
  { foundation, policy, day, stored, before, recount, now }: ClosedDay,
): Promise<SettledDay | undefined> {
  const { store } = context;
  const last = stored.manifests.at(-1);
  const newest = last === undefined ? undefined : await readManifest(store, foundation, day, last);
  const archived = newest?.cumulative.events;
  const names = await readPartNames(store, foundation, day, stored, newest);
  await checkNamedParts(store, foundation, day, { stored, names, known: newest });
  const counted = archived === undefined ? 0 : await context.source.count(windowOf(day));
  const step = nextStep({
    archived,
    orphans: orphansOf(stored, names).length,
    counted,
    knownDeleted: before?.deleted_at_source ?? 0,
    expiring: isExpiring(day, now, policy),
    finalCheckDue:
      recount !== undefined || (isFinalCheckDue(day, now, policy) && !before?.final_check),
  });
  if (step.kind === 'read') return undefined;
  return {
    ...knownDeletions(before),
    outcome: undefined,
    archived: archived ?? 0,
    recounted: archived ?? 0,
    counted: { events: counted, at: context.now() },
    finalCheck: before?.final_check ?? false,
  };
}

const knownDeletions = (before: RunDay | undefined) => ({
  deletedAtSource: before?.deleted_at_source ?? 0,
  deletedGuids: before?.deleted_guids ?? [],
});

/** Do for one closed day what is to be done, and say how it stands then. */
export async function settleDay(context: DayContext, closed: ClosedDay): Promise<SettledDay> {
  const done = await lookAtDay(context, closed);
  if (done) return done;
  const { foundation, policy, day, before, recount, kept, now } = closed;
  const partial = beganBefore(day, kept);
  const outcome = await archiveDay(context, { foundation, day, partial, recount });
  return {
    // An expiring day keeps what was known of it: its missing events have left by age.
    ...(isExpiring(day, now, policy)
      ? knownDeletions(before)
      : {
          deletedAtSource: outcome.events - outcome.counted,
          deletedGuids: outcome.missingGuids,
        }),
    outcome,
    archived: outcome.events,
    recounted: outcome.recounted,
    counted: { events: outcome.counted, at: context.now() },
    finalCheck: isFinalCheckDue(day, now, policy) || (before?.final_check ?? false),
  };
}
