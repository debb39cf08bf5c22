import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArchiveKey } from '../domain/archive-key.ts';
import { type Day, dayOf, nextDay, startOf } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { questionDayKey, questionDaysPrefix, questionsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QuestionDays } from './ports.ts';
import { questionKeys, readQuestions } from './question-entries.ts';

/** A day is over for the log when it has been over for so long: clocks differ, and a question is logged once it is answered. */
const SETTLE_MS = 3_600_000;

/** Requests to the store at once. */
const READS = 8;

export interface RollContext {
  readonly store: ObjectStore;
  readonly days: QuestionDays;
  /** For files in the making; they are removed. */
  readonly workDirectory: string;
  readonly now: Date;
}

export interface RolledDay {
  readonly dt: Day;
  readonly key: string;
  readonly questions: number;
}

/**
 * Roll the questions of days that are over into one file a day, so that a year of the log is quick to read. The entries stay.
 *
 * Level-triggered: whatever question of a day is in none of its files comes into a new one, nearly always the first. Create-only, so two at once, or one that is killed, leave no question twice: who comes second finds the name taken.
 * An entry that is none is left out; `verify` names it.
 *
 * @param since - earlier days are not looked at; undefined: all
 */
export async function rollQuestionDays(
  context: RollContext,
  foundation: FoundationName,
  since: Day | undefined,
): Promise<RolledDay[]> {
  const { store, now } = context;
  const files = new Map<Day, string[]>();
  for await (const { key } of store.list(questionDaysPrefix(foundation))) {
    const place = parseArchiveKey(key);
    if (place?.kind === 'question-day') append(files, place.day, key);
  }
  const rolled: RolledDay[] = [];
  for await (const { dt, keys } of daysOfQuestions(store, foundation, since, now)) {
    const day = await rollDay(context, foundation, dt, keys, files.get(dt) ?? []);
    if (day !== undefined) rolled.push(day);
  }
  return rolled;
}

/** Days that are over and have questions, oldest first. */
async function* daysOfQuestions(
  store: ObjectStore,
  foundation: FoundationName,
  since: Day | undefined,
  now: Date,
): AsyncGenerator<{ dt: Day; keys: string[] }> {
  const over = dayOf(new Date(now.getTime() - SETTLE_MS));
  if (since !== undefined) {
    for (let dt = since; dt < over; dt = nextDay(dt)) {
      const keys = await questionKeys(store, foundation, dt);
      if (keys.length > 0) yield { dt, keys };
    }
    return;
  }
  let open: { dt: Day; keys: string[] } | undefined;
  for await (const { key } of store.list(questionsPrefix(foundation))) {
    const place = parseArchiveKey(key);
    if (place?.kind !== 'question' || startOf(place.day) >= startOf(over)) continue;
    if (open && open.dt !== place.day) {
      yield open;
      open = undefined;
    }
    open ??= { dt: place.day, keys: [] };
    open.keys.push(key);
  }
  if (open) yield open;
}

async function rollDay(
  { store, days, workDirectory }: RollContext,
  foundation: FoundationName,
  dt: Day,
  entries: readonly string[],
  files: readonly string[],
): Promise<RolledDay | undefined> {
  const directory = await mkdtemp(join(workDirectory, 'questions-'));
  try {
    const known = new Set<string>();
    for (const key of files) {
      const file = await store.localCopy(key, directory);
      for (const { id } of file === undefined ? [] : await days.read(file)) known.add(id);
    }
    const rows = await readQuestions(store, entries, known, limitConcurrency(READS));
    if (rows.length === 0) return undefined;
    const file = join(directory, 'day.parquet');
    await days.write(rows, file);
    const bytes = await readFile(file);
    const key = questionDayKey(foundation, dt, nextRevision(files));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const stored = await store.create(key, { file, bytes: bytes.byteLength, sha256 });
    return stored === 'created' ? { dt, key, questions: rows.length } : undefined;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function nextRevision(keys: readonly string[]): number {
  const revisions = keys.map((key) => {
    const place = parseArchiveKey(key);
    return place?.kind === 'question-day' ? place.revision : -1;
  });
  return Math.max(-1, ...revisions) + 1;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
