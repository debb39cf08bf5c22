import type { Configuration, FoundationConfiguration } from '../config/configuration.ts';
import { ArchiveError } from '../domain/errors.ts';

/** The foundations that a command is about. */
export function selectFoundations(
  configuration: Configuration,
  name: string | undefined,
): readonly FoundationConfiguration[] {
  if (name === undefined) return configuration.foundations;
  const found = configuration.foundations.filter((foundation) => foundation.name === name);
  if (found.length > 0) return found;
  const known = configuration.foundations.map((foundation) => foundation.name).join(', ');
  throw new ArchiveError(
    'USAGE_INVALID',
    `--foundation ${name}: the configuration has no such foundation; it has ${known}`,
  );
}
