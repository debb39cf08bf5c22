import { ArchiveError } from '../domain/errors.ts';
import type { Configuration } from './configuration.ts';
import { parseConfiguration } from './read-configuration.ts';

/** Holds the whole configuration of a Lambda function. */
export const CONFIGURATION_VARIABLE = 'CF_AUDIT_ARCHIVE_CONFIGURATION';

/** Below the only folder that a Lambda function may write to. */
export const FUNCTION_FOLDER = '/tmp/cf-audit-archive';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ArchiveError CONFIG_INVALID with every problem, one a line */
export const functionConfiguration = (environment: Environment): Configuration =>
  parseConfiguration(
    environment[CONFIGURATION_VARIABLE] ?? '',
    CONFIGURATION_VARIABLE,
    FUNCTION_FOLDER,
  );

/** @throws ArchiveError CONFIG_INVALID when it is not set */
export function requiredVariable(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new ArchiveError('CONFIG_INVALID', `environment variable ${name} is not set`);
}
