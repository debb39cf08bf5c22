import type { EventRow } from '../domain/columns.ts';
import type { QueryEngine } from '../query/ports.ts';
import { answerTooLong } from './reply.ts';

/** What may be long in an event: names and GUIDs have a limit in Cloud Controller. */
const lengthOf = ({ data, extra }: EventRow): number => (data?.length ?? 0) + (extra?.length ?? 0);

/**
 * The same engine for one answer of so many bytes: rows that are longer than that are refused while they are read, before all of them are in memory.
 *
 * @param maxBytes - undefined: any length
 */
export function boundedEngine(engine: QueryEngine, maxBytes: number | undefined): QueryEngine {
  if (maxBytes === undefined) return engine;
  return {
    rows: (query, parts, wanted) => {
      const { batches, ...rest } = engine.rows(query, parts, wanted);
      return { batches: bounded(batches, maxBytes), ...rest };
    },
    groups: (query, parts, wanted) => engine.groups(query, parts, wanted),
  };
}

/** @throws ArchiveError QUERY_TOO_LARGE */
async function* bounded(
  batches: AsyncIterable<readonly EventRow[]>,
  maxBytes: number,
): AsyncGenerator<readonly EventRow[]> {
  let length = 0;
  for await (const rows of batches) {
    length += rows.reduce((sum, row) => sum + lengthOf(row), 0);
    if (length > maxBytes) throw answerTooLong(maxBytes);
    yield rows;
  }
}
