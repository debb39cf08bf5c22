import type { Configuration, FoundationConfiguration } from '../config/configuration.ts';
import { ArchiveError } from '../domain/errors.ts';

/** @throws ArchiveError CONFIG_INVALID when the configuration has no foundation of that name */
export function namedFoundation(
  { foundations }: Configuration,
  name: string,
): FoundationConfiguration {
  const found = foundations.find((each) => each.name === name);
  if (found) return found;
  throw new ArchiveError(
    'CONFIG_INVALID',
    `the configuration has no foundation ${name}; it has ${foundations.map((each) => each.name).join(', ')}`,
  );
}
