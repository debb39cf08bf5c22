import type { Configuration, FoundationConfiguration } from '../config/configuration.ts';
import { ArchiveError } from '../domain/errors.ts';

/**
 * The foundations that a command is about, in the order of the configuration.
 *
 * @param names - each `--foundation`; undefined: all
 */
export function selectFoundations(
  configuration: Configuration,
  names: readonly string[] | undefined,
): readonly FoundationConfiguration[] {
  const { foundations } = configuration;
  if (names === undefined) return foundations;
  const known: readonly string[] = foundations.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--foundation ${unknown}: the configuration has no such foundation; it has ${known.join(', ')}`,
    );
  }
  return foundations.filter(({ name }) => names.includes(name));
}
