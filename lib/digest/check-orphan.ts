import type { Day } from '../domain/day.ts';
import type { StoredObject } from '../domain/object-store.ts';
import type { ChainIndex } from './chain-index.ts';
import { type CheckedPart, describe, type PartContext } from './check-part.ts';
import type { FindingKind } from './finding.ts';
import { isYoung } from './grace.ts';

/** A part of which no manifest speaks: left by a run that died, or put there by someone else. Young and sound, the next run of archive adopts it.
 *
 * @param isNext - whether its revision is the one that the next run of archive would give
 */
export async function checkOrphan(
  context: PartContext & { readonly index: ChainIndex; readonly now: Date },
  { dt, part, isNext }: { readonly dt: Day; readonly part: StoredObject; readonly isNext: boolean },
  checked: readonly CheckedPart[],
  directory: string,
): Promise<void> {
  const { foundation, notes, index, now } = context;
  const { key, bytes, modifiedAt } = part;
  const about = { foundation, day: dt, object: key };
  const note = (kind: FindingKind, meaning: string): void =>
    notes.finding({ ...about, kind, meaning });
  context.onObject(bytes);
  // This program stores whole parts only.
  if (bytes === 0) return note('extra', 'it is empty, and no manifest speaks of it');
  const file = await context.store.localCopy(key, directory);
  const facts = file && (await describe(context, dt, key, file));
  if (!file || !facts) return;
  const together = await context.parts.guidsOfParts([...checked.map((other) => other.file), file]);
  const rows = checked.reduce((sum, other) => sum + other.facts.events, facts.events);
  if (together.events !== rows) {
    return note(
      'duplicate',
      `no manifest speaks of it, and ${rows - together.events} of its events are in another part of the day`,
    );
  }
  if (!isNext) return note('extra', 'no run would have given it this revision');
  if (!index.isAfterNewest(modifiedAt) || !isYoung(modifiedAt, now)) {
    return note('extra', `no manifest speaks of it; stored ${modifiedAt.toISOString()}`);
  }
  notes.remark({
    ...about,
    kind: 'pending',
    meaning: 'no manifest speaks of it yet; the next run of archive adopts it',
  });
}
