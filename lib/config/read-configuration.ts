import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';
import { type Configuration, toConfiguration } from './configuration.ts';
import { configurationDocumentSchema } from './configuration-document.ts';
import { describeProblems } from './configuration-problems.ts';
import { parseYaml, START } from './yaml-document.ts';

/** The file that is read when none is named. */
export const DEFAULT_CONFIGURATION_FILE = 'cf-audit-archive.yml';

/**
 * Read a configuration file. Secrets are not resolved.
 *
 * @param file - relative to the working directory; paths in it are relative to its folder
 * @throws ArchiveError CONFIG_INVALID with every problem, one a line
 */
export async function readConfiguration(
  file: string = DEFAULT_CONFIGURATION_FILE,
): Promise<Configuration> {
  return parseConfiguration(await readConfigurationText(file), file, dirname(resolve(file)));
}

/** @throws ArchiveError CONFIG_INVALID, which says what to do when there is no such file */
export async function readConfigurationText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
}

/**
 * Read a configuration that is no file, such as the variable of a Lambda function.
 *
 * @param name - what messages call it
 * @param directory - what relative paths in it are relative to
 * @throws ArchiveError CONFIG_INVALID with every problem, one a line
 */
export function parseConfiguration(text: string, name: string, directory: string): Configuration {
  const { value, document, lines } = parseYaml(text, name);
  const parsed = configurationDocumentSchema.safeParse(value);
  if (!parsed.success)
    throw new ArchiveError(
      'CONFIG_INVALID',
      describeProblems(parsed.error.issues, name, document, lines),
    );
  return toConfiguration(parsed.data, directory);
}

function unreadable(file: string, error: NodeJS.ErrnoException): ArchiveError {
  const message =
    error.code === 'ENOENT'
      ? `there is no ${file}; ${START}, or name another file with --config`
      : `cannot read the configuration ${file}: ${error.message}`;
  return new ArchiveError('CONFIG_INVALID', message, { cause: error });
}
