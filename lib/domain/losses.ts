import { type Day, windowOf } from './day.ts';
import { earlierOf } from './instant.ts';
import type { Loss } from './run-report.ts';

/** A count of a day at the source, and when it was taken. */
export interface Counted {
  readonly events: number;
  readonly at: Date;
}

/** What is known of one day that the archive had not stored by the record of the run before. */
export interface UnstoredDay {
  readonly day: Day;
  /** The newest count by an earlier run; undefined when none ever counted the day. */
  readonly before: Counted | undefined;
  /** How many events of what `before` counted are at the source or in the archive now; undefined when that cannot be told now: the source did not answer, the day was left to another run, or another may be storing it. A day that left retention has 0. */
  readonly now: number | undefined;
}

/** Between which instants the source can be trusted to hold what it ever had, and whether anyone looked before. */
export interface LossContext {
  /** The oldest instant that the source still keeps. */
  readonly kept: Date;
  /** First day that the run before looked at; undefined when there was none: then nothing is a loss. */
  readonly firstSeenDay: Day | undefined;
  /** `created_at` of the oldest event that the run before saw at the source; undefined when it saw none, or could not look. */
  readonly oldestSeen: Date | undefined;
}

/**
 * Judge whether events of a day that was not stored yet existed and are nowhere now.
 *
 * Judged against the record of earlier runs, so that a first run and quiet days are never a loss. What the source lost of a *stored* day is no loss: the archive has it.
 */
export function judgeLoss(known: UnstoredDay, context: LossContext): Loss | undefined {
  const { day, before, now } = known;
  if (context.firstSeenDay === undefined || day < context.firstSeenDay || now === undefined) {
    return undefined;
  }
  const window = windowOf(day);
  const expired = window.from < context.kept;
  if (before === undefined) {
    // Nobody counted it. While all of it is still there, nothing is lost; nor where there was nothing when the run before looked.
    const wasEmpty =
      context.oldestSeen !== undefined && context.oldestSeen >= earlierOf(context.kept, window.to);
    return expired && !wasEmpty ? loss('left_unread', known, context, null) : undefined;
  }
  if (before.events > now) {
    return loss(expired ? 'left_unread' : 'vanished', known, context, before.events - now);
  }
  // The count of a day that was not over says nothing about what came after it.
  const overWhenCounted = before.at >= window.to;
  return expired && !overWhenCounted ? loss('left_unread', known, context, null) : undefined;
}

function loss(
  kind: Loss['kind'],
  { day, before }: UnstoredDay,
  { kept }: LossContext,
  events: number | null,
): Loss {
  const window = windowOf(day);
  const to = kind === 'left_unread' && kept < window.to ? kept : window.to;
  return {
    kind,
    dt: day,
    from: window.from.toISOString(),
    to: to.toISOString(),
    events,
    last_seen_at: before?.at.toISOString() ?? null,
  };
}
