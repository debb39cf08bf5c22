import { ArchiveError } from '../domain/errors.ts';
import { MAX_VALUE_LENGTH } from '../domain/event-query.ts';
import type { SqlValue } from './conditions.ts';

const timestamp = (instant: Date): string =>
  `TIMESTAMP '${instant.toISOString().slice(0, 23).replace('T', ' ')}'`;

/**
 * A value as Athena's `ExecutionParameters` want it: each is parsed as an SQL expression of at most 1,024 characters.
 *
 * In a text every `'` is doubled; a backslash is no escape. A timestamp has milliseconds and no zone, and is UTC.
 *
 * @throws ArchiveError QUERY_INVALID when it is too long
 */
export function athenaLiteral(value: SqlValue): string {
  if (value instanceof Date) return timestamp(value);
  const literal = `'${value.replaceAll("'", "''")}'`;
  if (literal.length <= MAX_VALUE_LENGTH) return literal;
  throw new ArchiveError(
    'QUERY_INVALID',
    `a value of ${value.length} characters is too long: Athena takes 1,024 with its quotes and doubled inner quotes; write less of it and a *`,
  );
}
