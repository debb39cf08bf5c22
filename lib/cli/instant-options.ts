import { type Day, daySchema, nextDay, startOf } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { instantSchema } from '../domain/instant.ts';

const invalid = (option: string, text: string, forms: string): ArchiveError =>
  new ArchiveError('USAGE_INVALID', `${option} ${text}: write ${forms}`);

/** An instant such as `2026-03-01T12:00:00Z`, any offset allowed. */
export function parseInstant(option: string, text: string): Date {
  const parsed = instantSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw invalid(option, text, 'an instant such as 2026-03-01T12:00:00Z');
}

export function parseDay(option: string, text: string): Day {
  const parsed = daySchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw invalid(option, text, 'a UTC day such as 2026-03-01');
}

/** A day, meaning its first instant in UTC, or an instant. */
export function parseDayOrInstant(option: string, text: string): Date {
  const day = daySchema.safeParse(text);
  if (day.success) return startOf(day.data);
  const instant = instantSchema.safeParse(text);
  if (instant.success) return instant.data;
  throw invalid(
    option,
    text,
    'a UTC day such as 2026-03-01, or an instant such as 2026-03-01T12:00:00Z',
  );
}

/** The end of the UTC day that an instant lies in. */
export const endOfDay = (day: Day): Date => startOf(nextDay(day));

/** A clock that goes on from `--now`, or the real one. */
export function clockFrom(now: string | undefined): () => Date {
  if (now === undefined) return () => new Date();
  const start = parseInstant('--now', now).getTime();
  const begun = performance.now();
  return () => new Date(start + (performance.now() - begun));
}
