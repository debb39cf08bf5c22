import { parseArchiveKey } from '../domain/archive-key.ts';
import { type Day, nextDay, startOf } from '../domain/day.ts';
import { sha256Hex } from '../domain/digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import { questionDaysPrefix, questionKey, questionsPrefix } from '../domain/object-keys.ts';
import type { StoredObject } from '../domain/object-store.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import { readQuestion } from '../domain/question-entry.ts';
import { checkUnnamed, type UnnamedContext } from './check-unnamed.ts';
import type { FindingKind } from './finding.ts';
import { isOverdue, isYoung } from './grace.ts';
import type { QuestionDayReader } from './ports.ts';

export interface QuestionsContext extends UnnamedContext {
  readonly questionDays: QuestionDayReader;
}

interface QuestionsOfDay {
  readonly dt: Day;
  /** Objects of the day that trusted links name, with their SHA-256. */
  readonly named: ReadonlyMap<string, string>;
}

/**
 * Check the query log of one day: entries that no link names, and the rolled files against the entries, row by row. That a named object is missing or altered is said by whoever checks the link.
 *
 * @param directory - for copies of rolled files
 */
export async function checkQuestions(
  context: QuestionsContext,
  day: QuestionsOfDay,
  directory: string,
): Promise<void> {
  const { foundation, store } = context;
  const files: StoredObject[] = [];
  // Files first: whatever is in one was an entry before, while an archive is being written.
  for await (const object of store.list(`${questionDaysPrefix(foundation)}dt=${day.dt}/`)) {
    if (parseArchiveKey(object.key) !== undefined) files.push(object);
  }
  for await (const { key } of store.list(`${questionsPrefix(foundation)}dt=${day.dt}/`)) {
    if (parseArchiveKey(key) === undefined || day.named.has(key)) continue;
    await checkUnnamed(context, key);
  }
  const rolled = new Set<string>();
  const listed = new Set(files.map(({ key }) => key));
  let whole = files.length > 0 && filesNamed(day).every((key) => listed.has(key));
  for (const file of files) {
    if (!day.named.has(file.key)) judgeUnnamedFile(context, day.dt, file);
    if (!(await checkFile(context, day, file.key, rolled, directory))) whole = false;
  }
  if (whole) checkWhole(context, day, rolled, files.at(-1)?.key ?? '');
}

const filesNamed = ({ named }: QuestionsOfDay): string[] =>
  [...named.keys()].filter((key) => parseArchiveKey(key)?.kind === 'question-day');

/** A rolled file carries no instant of its own: when the store took it counts. */
function judgeUnnamedFile(
  { foundation, index, notes, now }: QuestionsContext,
  day: Day,
  { key, modifiedAt }: StoredObject,
): void {
  const about = { foundation, day, object: key };
  if (index.isAfterNewest(modifiedAt) && isYoung(modifiedAt, now)) {
    notes.remark({
      ...about,
      kind: 'pending',
      meaning: 'not signed yet; the next digest will name it',
    });
    return;
  }
  const judged = index.judgeUnnamed(modifiedAt, now);
  if (judged.kind === 'unvouched') {
    const meaning = `only the digest of ${judged.hole} could vouch for it`;
    notes.remark({ ...about, kind: 'unvouched', meaning });
    return;
  }
  notes.finding({
    ...about,
    kind: 'unsigned',
    meaning: `no digest names it; stored ${modifiedAt.toISOString()}`,
  });
}

/** Whether the file is there as it was signed, with rows that can be read. */
async function checkFile(
  context: QuestionsContext,
  { dt, named }: QuestionsOfDay,
  key: string,
  rolled: Set<string>,
  directory: string,
): Promise<boolean> {
  const { foundation, notes, store, questionDays } = context;
  const note = (kind: FindingKind, meaning: string): void =>
    notes.finding({ kind, foundation, day: dt, object: key, meaning });
  const bytes = await store.get(key);
  if (bytes === undefined) return false;
  if (!named.has(key)) context.onObject(bytes.byteLength);
  else if (named.get(key) !== sha256Hex(bytes)) return false;
  const file = await store.localCopy(key, directory);
  if (file === undefined) return false;
  let rows: readonly QuestionRow[];
  try {
    rows = await questionDays.read(file);
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'PART_INVALID') throw error;
    note('invalid', 'it cannot be read as a day of the query log');
    return false;
  }
  let twice = 0;
  let wrong = 0;
  for (const row of rows) {
    if (rolled.has(row.id)) twice += 1;
    rolled.add(row.id);
    if (!(await isEntry(context, dt, named, row))) wrong += 1;
  }
  if (twice > 0) note('duplicate', `${twice} of its questions are in the day's files twice`);
  if (wrong > 0) note('mismatch', `${wrong} of its rows are not what was logged`);
  return true;
}

/** Whether a row is an entry of the day, byte for byte, and all its columns follow from it. */
async function isEntry(
  { store, foundation }: QuestionsContext,
  dt: Day,
  named: ReadonlyMap<string, string>,
  row: QuestionRow,
): Promise<boolean> {
  const key = questionKey(foundation, row.id);
  if (parseArchiveKey(key)?.day !== dt) return false;
  const text = new TextEncoder().encode(row.entry);
  const expected =
    named.get(key) ?? (await store.get(key).then((bytes) => bytes && sha256Hex(bytes)));
  return (
    expected === sha256Hex(text) && JSON.stringify(readQuestion(key, text)) === JSON.stringify(row)
  );
}

/** A day is rolled when it is over, and with it every question of it. */
function checkWhole(
  { foundation, index, notes }: QuestionsContext,
  { dt, named }: QuestionsOfDay,
  rolled: ReadonlySet<string>,
  object: string,
): void {
  if (index.newest === undefined || !isOverdue(startOf(nextDay(dt)), index.newest)) return;
  const left = [...named.keys()].filter((key) => {
    const place = parseArchiveKey(key);
    return place?.kind === 'question' && !rolled.has(place.id);
  });
  if (left.length === 0) return;
  notes.finding({
    kind: 'mismatch',
    foundation,
    day: dt,
    object,
    meaning: `${left.length} questions of the day are in none of its files, such as ${left[0]}`,
  });
}
