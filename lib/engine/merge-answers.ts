import type { EventRow } from '../domain/columns.ts';
import type { EventQuery } from '../domain/event-query.ts';

const BATCH = 1_000;

type Rows = AsyncGenerator<readonly EventRow[]>;

/** An answer that is being read, at its next row. */
interface Reader {
  readonly rows: Rows;
  batch: readonly EventRow[];
  at: number;
}

/**
 * Answers to one question with different visibilities, each in the question's order, as one answer in that order: an event that two of them show comes once.
 *
 * @param limit - rows at most; undefined: all
 */
export async function* mergeAnswers(
  answers: readonly Rows[],
  { order }: Pick<EventQuery, 'order'>,
  limit: number | undefined,
): Rows {
  const sign = order === 'newest' ? -1 : 1;
  const readers: Reader[] = answers.map((rows) => ({ rows, batch: [], at: 0 }));
  let left = limit ?? Number.POSITIVE_INFINITY;
  let last: EventRow | undefined;
  let batch: EventRow[] = [];
  try {
    await Promise.all(readers.map(advance));
    while (left > 0) {
      let next: Reader | undefined;
      for (const reader of readers) {
        const row = reader.batch[reader.at];
        if (row !== undefined && (next === undefined || isBefore(row, rowOf(next), sign))) {
          next = reader;
        }
      }
      const row = next && rowOf(next);
      if (next === undefined || row === undefined) break;
      await advance(next);
      if (last !== undefined && comesWith(row, last)) continue;
      last = row;
      left -= 1;
      batch.push(row);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    await Promise.all(answers.map((rows) => rows.return(undefined)));
  }
}

const rowOf = ({ batch, at }: Reader): EventRow | undefined => batch[at];

async function advance(reader: Reader): Promise<void> {
  reader.at += 1;
  while (reader.at >= reader.batch.length) {
    const { done, value } = await reader.rows.next();
    if (done) {
      reader.batch = [];
      return;
    }
    reader.batch = value;
    reader.at = 0;
  }
}

const millis = ({ created_at }: EventRow): number => created_at?.getTime() ?? 0;

const isBefore = (row: EventRow, other: EventRow | undefined, sign: 1 | -1): boolean => {
  if (other === undefined) return true;
  const apart = sign * (millis(row) - millis(other));
  return apart === 0
    ? sign * Buffer.compare(Buffer.from(row.guid), Buffer.from(other.guid)) < 0
    : apart < 0;
};

const comesWith = (row: EventRow, other: EventRow): boolean =>
  row.guid === other.guid && millis(row) === millis(other);
