import type { EventRow } from '../../lib/domain/columns.ts';
import type { EventQuery } from '../../lib/domain/event-query.ts';
import { SEES_ALL, type Visibility } from '../../lib/domain/visibility.ts';
import { matchesQuery, maySee } from './reference-filter.ts';

/** GUIDs of the rows that answer a query, in its order, without any engine. */
export function referenceAnswer(
  rows: readonly EventRow[],
  query: EventQuery,
  visibility: Visibility = SEES_ALL,
): string[] {
  const sign = query.order === 'newest' ? -1 : 1;
  return rows
    .filter((row) => matchesQuery(row, query) && maySee(visibility, row))
    .sort((a, b) => {
      const [left, right] = [a.created_at?.getTime() ?? 0, b.created_at?.getTime() ?? 0];
      if (left !== right) return sign * (left - right);
      return sign * (a.guid < b.guid ? -1 : 1);
    })
    .slice(0, query.limit)
    .map(({ guid }) => guid);
}
