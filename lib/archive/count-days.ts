import { type Day, windowOf } from '../domain/day.ts';
import { earlierOf, floorToSecond } from '../domain/instant.ts';
import type { Counted } from '../domain/losses.ts';
import type { RunDay } from '../domain/run-report.ts';
import type { Window } from '../domain/window.ts';
import type { AuditEventSource } from './ports.ts';

export interface CountContext {
  readonly source: AuditEventSource;
  readonly now: () => Date;
}

/** Of a day that is not over, what was created before `at`: the next run can then count the very same again, whatever its clock says. */
export async function countDay({ source, now }: CountContext, day: Day): Promise<Counted> {
  const { from, to } = windowOf(day);
  const at = floorToSecond(now());
  if (at <= from) return { events: 0, at };
  return { events: await source.count({ from, to: earlierOf(at, to) }), at };
}

/**
 * What the last run counted of a day that was not stored, when the day's count now is of another window: what came later would hide what vanished.
 *
 * @param record - what the last run said of the day
 * @param isOpen - whether the day is counted up to now only
 */
export function windowToRecount(
  day: Day,
  record: RunDay | undefined,
  isOpen: boolean,
): Window | undefined {
  if (!record?.last_counted || record.archived !== null) return undefined;
  const { from, to } = windowOf(day);
  const until = earlierOf(floorToSecond(new Date(record.last_counted.at)), to);
  return from < until && (isOpen || until < to) ? { from, to: until } : undefined;
}

/**
 * Count a closed day that is left unread, so that the run that reads it sees what vanished meanwhile.
 *
 * Undefined when some of what was counted before is gone already: the earlier count is then the one to tell it by. That is looked for after the count, so that what vanishes between the two is in one of them.
 *
 * @param record - what the last run said of the day
 */
export async function countUnread(
  context: CountContext,
  day: Day,
  record: RunDay | undefined,
): Promise<Counted | undefined> {
  const counted = await countDay(context, day);
  if (!record?.last_counted || record.archived !== null) return counted;
  const again = windowToRecount(day, record, false);
  const still = again ? await context.source.count(again) : counted.events;
  return still < record.last_counted.events ? undefined : counted;
}
