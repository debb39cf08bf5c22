import type { EventRow } from '../domain/columns.ts';
import type { EventQuery } from '../domain/event-query.ts';

/** Rows that answer a query, in its order, at most `limit + 1` of them: one more says that there is more. */
export interface QueryEngine {
  /** @param files - local copies of the parts that may hold answers, each below `foundation=<f>/dt=<day>/` */
  search(query: EventQuery, files: readonly string[]): Promise<EventRow[]>;
}
