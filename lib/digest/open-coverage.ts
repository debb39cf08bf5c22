import { type ArchivePolicy, closesAt } from '../domain/archive-policy.ts';
import type { CoveredDay } from '../domain/coverage.ts';
import { type Day, daysFrom } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { readCoverageTable, stateOf } from './coverage-table.ts';

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
    const { days, parts } = await readCoverageTable(store, foundation, now);
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
