import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { DayResult } from './describe-run.ts';
import {
  listStoredDay,
  NOTHING_STORED,
  orphansOf,
  readManifest,
  readPartNames,
} from './stored-day.ts';

/** Whether another run has stored something of a day since this one was done with it; false also where that cannot be told. */
export async function isStoredSince(
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
