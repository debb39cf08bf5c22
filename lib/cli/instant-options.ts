import { type Day, daySchema } from '../domain/day.ts';
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

/** A clock that goes on from `--now`, or the real one. */
export function clockFrom(now: string | undefined): () => Date {
  if (now === undefined) return () => new Date();
  const start = parseInstant('--now', now).getTime();
  const begun = performance.now();
  return () => new Date(start + (performance.now() - begun));
}
