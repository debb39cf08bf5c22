import { listStoredDays, readManifest } from '../archive/stored-day.ts';
import { DAY_MS, type Day, dayOf, startOf } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { plusMs } from '../domain/instant.ts';
import type { Manifest } from '../domain/manifest.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { tableLines } from './table.ts';
import { bytesText, countText } from './words.ts';

const COLUMNS = [
  { title: 'day' },
  { title: 'events', align: 'right' },
  { title: 'parts', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'status' },
] as const;

/** More than any Cloud Controller is known to keep. */
const DAYS_SHOWN = 62;

/** One line for each day that the archive holds of a foundation up to `last`, heading first. */
export async function storedDayLines(
  store: ObjectStore,
  foundation: FoundationName,
  last: Day,
): Promise<string[]> {
  const first = dayOf(plusMs(startOf(last), -DAYS_SHOWN * DAY_MS));
  const stored = await listStoredDays(store, foundation, first, last);
  const rows: string[][] = [];
  for (const day of [...stored.keys()].sort()) {
    const manifests: Manifest[] = [];
    for (const revision of stored.get(day)?.manifests ?? []) {
      manifests.push(await readManifest(store, foundation, day, revision));
    }
    const bytes = manifests.reduce((sum, { part }) => sum + (part?.bytes ?? 0), 0);
    rows.push([
      day,
      countText(manifests.at(-1)?.cumulative.events ?? 0),
      String(stored.get(day)?.parts.length ?? 0),
      bytesText(bytes),
      manifests.map(({ status }) => status).join(' + '),
    ]);
  }
  return tableLines(COLUMNS, rows);
}
