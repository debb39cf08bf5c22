import { parseArchiveKey } from '../domain/archive-key.ts';
import { DAY_MS, dayOf, monthsFrom } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { plusMs } from '../domain/instant.ts';
import { runsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { type RunReport, runReportSchema } from '../domain/run-report.ts';

/**
 * The newest report of an earlier run; undefined when there was none.
 *
 * Looked for month by month, newest first, back to the first run: nearly always one listing. A report that cannot be read is passed over; `verify` will name it.
 */
export async function lastRunReport(
  store: ObjectStore,
  foundation: FoundationName,
  now: Date,
): Promise<RunReport | undefined> {
  const first = await firstRunDay(store, foundation);
  if (first === undefined) return undefined;
  // A clock that was ahead may have dated a report after now.
  const last = dayOf(plusMs(now, 31 * DAY_MS));
  for (const month of monthsFrom(first < last ? first : last, last).reverse()) {
    const keys: string[] = [];
    for await (const { key } of store.list(`${runsPrefix(foundation)}dt=${month}-`)) keys.push(key);
    for (const key of keys.reverse()) {
      const report = await readReport(store, key);
      if (report) return report;
    }
  }
  return undefined;
}

async function firstRunDay(store: ObjectStore, foundation: FoundationName) {
  for await (const { key } of store.list(runsPrefix(foundation))) {
    const run = parseArchiveKey(key);
    if (run?.kind === 'run') return run.day;
  }
  return undefined;
}

async function readReport(store: ObjectStore, key: string): Promise<RunReport | undefined> {
  const bytes = await store.get(key);
  if (!bytes) return undefined;
  try {
    return runReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
