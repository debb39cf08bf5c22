import { parseArchiveKey } from '../domain/archive-key.ts';
import type { Day } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { questionsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import { readQuestion } from '../domain/question-entry.ts';

/** Keys of the entries of one day, ascending; or of all days that begin alike, such as `2026-03-`. */
export async function questionKeys(
  store: ObjectStore,
  foundation: FoundationName,
  dt: Day | `${string}-`,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(
    `${questionsPrefix(foundation)}dt=${dt}${dt.endsWith('-') ? '' : '/'}`,
  )) {
    if (parseArchiveKey(key)?.kind === 'question') keys.push(key);
  }
  return keys;
}

/** The entries of keys but for those that are known by their id; an entry that is none, or is gone, is left out. */
export async function readQuestions(
  store: ObjectStore,
  keys: readonly string[],
  known: ReadonlySet<string>,
  limited: <T>(task: () => Promise<T>) => Promise<T>,
): Promise<QuestionRow[]> {
  const rows = await Promise.all(
    keys.map((key) =>
      limited(async () => {
        const place = parseArchiveKey(key);
        if (place?.kind !== 'question' || known.has(place.id)) return undefined;
        const bytes = await store.get(key);
        return bytes && readQuestion(key, bytes);
      }),
    ),
  );
  return rows.filter((row) => row !== undefined);
}
