import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArchiveKey } from '../domain/archive-key.ts';
import { DAY_MS, type Day, dayOf, daysFrom, monthsFrom, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { laterOf, plusMs } from '../domain/instant.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import { questionDaysPrefix, questionKey, questionsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import type { QuestionFilter } from '../domain/question-filter.ts';
import type { Visibility } from '../domain/visibility.ts';
import { option, worded } from '../domain/wording.ts';
import type { QuestionFiles, QuestionPage } from './ports.ts';
import { questionKeys, readQuestions } from './question-entries.ts';

export interface QueryLogContext {
  readonly store: ObjectStore;
  readonly days: QuestionFiles;
  /** For copies; they are removed. */
  readonly workDirectory: string;
  /** Of whoever asks: only who sees all events sees who asked for them. */
  readonly visibility: Visibility;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

export interface QueryLogAnswer {
  readonly questions: readonly QuestionRow[];
  /** An `id` to go on behind; null when this is the last page. */
  readonly next: string | null;
}

/** A day that was rolled longer ago gets no further questions: they would be in no digest's sight. */
const LATE_MS = 8 * DAY_MS;

const REQUESTS = 8;

/**
 * Look for questions in the query log of one foundation: rolled days as they are, and the questions that are not rolled yet.
 *
 * @throws ArchiveError SCOPE_INSUFFICIENT for whoever does not see everything; CURSOR_INVALID, PART_INVALID, STORE_…
 */
export async function searchQueryLog(
  context: QueryLogContext,
  foundation: FoundationName,
  filter: QuestionFilter,
  page: QuestionPage,
): Promise<QueryLogAnswer> {
  const { store, days, visibility, workDirectory, signal } = context;
  if (visibility.kind !== 'all') {
    throw new ArchiveError(
      'SCOPE_INSUFFICIENT',
      'the query log is for those who see everything: it needs a global scope such as cloud_controller.global_auditor',
    );
  }
  if (page.after !== undefined && !isQuestionId(foundation, page.after)) {
    throw new ArchiveError('CURSOR_INVALID', [
      worded`${option('cursor')}: it is not one of this log; ask again without it`,
    ]);
  }
  const asked = await daysOf(store, foundation, filter);
  const directory = await mkdtemp(join(workDirectory, 'query-log-'));
  try {
    const turns = limitConcurrency(REQUESTS);
    const limited = <T>(task: () => Promise<T>): Promise<T> => turns(task, signal);
    const rolled = await rolledDays(store, foundation, asked);
    const copies = await Promise.all(
      [...rolled.values()]
        .flat()
        .map(async (key) => ({ key, file: await limited(() => store.localCopy(key, directory)) })),
    );
    const files = copies.flatMap(({ file }) => (file === undefined ? [] : [file]));
    const known = await idsOfLateDays(context, copies);
    const looked = asked.filter((dt) => !rolled.has(dt) || isLate(dt, context.now));
    const keys = await keysOf(store, foundation, { looked, rolled }, limited);
    const rows = await readQuestions(store, keys, known, limited);
    signal?.throwIfAborted();
    const found = await days.find(files, rows, filter, { ...page, limit: page.limit + 1 });
    const questions = found.slice(0, page.limit);
    return { questions, next: found.length > page.limit ? (questions.at(-1)?.id ?? null) : null };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A cursor is the `id` of the last question of a page: whoever may ask sees every one, so it is no secret and needs no signature. */
const isQuestionId = (foundation: FoundationName, text: string): boolean =>
  parseArchiveKey(questionKey(foundation, text))?.kind === 'question';

const isLate = (dt: Day, now: Date): boolean => Date.parse(dt) > now.getTime() - LATE_MS;

/** The asked days from that of the log's first question on: nothing is looked for in the centuries before. */
async function daysOf(
  store: ObjectStore,
  foundation: FoundationName,
  { from, to }: QuestionFilter,
): Promise<Day[]> {
  for await (const { key } of store.list(questionsPrefix(foundation))) {
    const place = parseArchiveKey(key);
    if (place?.kind !== 'question') continue;
    return daysFrom(dayOf(laterOf(from, startOf(place.day))), dayOf(plusMs(to, -1)));
  }
  return [];
}

/** Keys of the questions of days that are looked at: one listing for a month of which no day is rolled, else one a day. */
async function keysOf(
  store: ObjectStore,
  foundation: FoundationName,
  { looked, rolled }: { readonly looked: readonly Day[]; readonly rolled: Map<Day, string[]> },
  limited: <T>(task: () => Promise<T>) => Promise<T>,
): Promise<string[]> {
  const wanted = new Set<string>(looked);
  const monthOf = (dt: Day): string => dt.slice(0, 7);
  const rolledMonths = new Set([...rolled.keys()].map(monthOf));
  const periods = new Set(
    looked.map((dt) => (rolledMonths.has(monthOf(dt)) ? dt : (`${monthOf(dt)}-` as const))),
  );
  const listings = await Promise.all(
    [...periods].map((period) => limited(() => questionKeys(store, foundation, period))),
  );
  return listings.flat().filter((key) => wanted.has(parseArchiveKey(key)?.day ?? ''));
}

/** Keys of the files of each asked day: one listing a month. */
async function rolledDays(
  store: ObjectStore,
  foundation: FoundationName,
  asked: readonly Day[],
): Promise<Map<Day, string[]>> {
  const rolled = new Map<Day, string[]>();
  const [first, last] = [asked[0], asked.at(-1)];
  if (first === undefined || last === undefined) return rolled;
  for (const month of monthsFrom(first, last)) {
    for await (const { key } of store.list(`${questionDaysPrefix(foundation)}dt=${month}-`)) {
      const place = parseArchiveKey(key);
      if (place?.kind !== 'question-day' || place.day < first || place.day > last) continue;
      rolled.set(place.day, [...(rolled.get(place.day) ?? []), key]);
    }
  }
  return rolled;
}

/** What is rolled of the days that may have more. */
async function idsOfLateDays(
  { days, now }: QueryLogContext,
  copies: readonly { readonly key: string; readonly file: string | undefined }[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const { key, file } of copies) {
    const place = parseArchiveKey(key);
    if (file === undefined || place === undefined || !isLate(place.day, now)) continue;
    for (const { id } of await days.read(file)) known.add(id);
  }
  return known;
}
