import type { Day } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Loss } from '../domain/run-report.ts';
import type { DayResult, OpenDay } from './day-result.ts';
import { failureOfDay } from './failed-day.ts';
import {
  listStoredDay,
  NOTHING_STORED,
  orphansOf,
  readManifest,
  readPartNames,
} from './stored-day.ts';

/** Where it is looked whether another run stored something. */
interface Where {
  readonly store: ObjectStore;
  readonly foundation: FoundationName;
}

/** A day of which there is a loss, and of which another run stored something since it was settled, counts as not looked at. */
export async function postponeDoubted(
  { store, foundation }: Where,
  losses: readonly Loss[],
  results: DayResult[],
): Promise<readonly { readonly index: number; readonly day: Day }[]> {
  const lost = new Set(losses.map(({ dt }) => dt));
  const doubted: { index: number; day: Day }[] = [];
  for (const [index, result] of results.entries()) {
    const { day } = result;
    if (!lost.has(day) || !(await isStoredSince(store, foundation, result))) continue;
    results[index] = { day, kind: 'postponed' };
    doubted.push({ index, day });
  }
  return doubted;
}

/** An open day of which there is a loss, and which another run stored by a clock ahead of this one's, keeps the count that it had: the archive may hold what vanished. */
export async function forgetDoubted(
  where: Where,
  losses: readonly Loss[],
  open: OpenDay[],
): Promise<void> {
  const lost = new Set(losses.map(({ dt }) => dt));
  for (const [index, { day }] of open.entries()) {
    if (lost.has(day) && (await isHeld(where, day))) {
      open[index] = { day, counted: undefined };
    }
  }
}

/** Whether the archive holds anything of a day, as far as can be told. */
export async function isHeld({ store, foundation }: Where, day: Day): Promise<boolean> {
  try {
    return (await listStoredDay(store, foundation, day)) !== NOTHING_STORED;
  } catch (error) {
    failureOfDay(error);
    return true;
  }
}

/** Whether another run has stored something of a day since this one was done with it; false also where that cannot be told. */
async function isStoredSince(
  store: ObjectStore,
  foundation: FoundationName,
  result: DayResult,
): Promise<boolean> {
  const { day, kind } = result;
  if (kind === 'postponed') return false;
  try {
    const stored = await listStoredDay(store, foundation, day);
    const last = stored.manifests.at(-1);
    if (kind === 'failed' || last === undefined) return stored !== NOTHING_STORED;
    const newest = await readManifest(store, foundation, day, last);
    const names = await readPartNames(store, foundation, day, stored, newest);
    return newest.cumulative.events !== result.events || orphansOf(stored, names).length > 0;
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
}
