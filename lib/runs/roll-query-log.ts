import { firstDayInSight } from '../digest/lookback.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { questionsPrefix } from '../domain/object-keys.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { RolledDay } from '../query-log/roll-days.ts';
import { withWorkDirectory } from './work-directory.ts';

/** Roll the days of the query log that are over and that the next digest will look at. The database is loaded only where there is a log. */
export async function rollQueryLog(
  store: ObjectStore,
  foundation: FoundationName,
  now: Date,
): Promise<readonly RolledDay[]> {
  const first = await store.list(questionsPrefix(foundation))[Symbol.asyncIterator]().next();
  if (first.done) return [];
  const [{ DuckDBQuestionDays }, { rollQuestionDays }] = await Promise.all([
    import('../parquet/question-days.ts'),
    import('../query-log/roll-days.ts'),
  ]);
  const since = await firstDayInSight(store, foundation);
  return withWorkDirectory((workDirectory) =>
    rollQuestionDays(
      { store, days: new DuckDBQuestionDays(workDirectory), workDirectory, now },
      foundation,
      since,
    ),
  );
}
