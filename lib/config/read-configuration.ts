import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Document, type ErrorCode, LineCounter, parseDocument } from 'yaml';
import { ArchiveError } from '../domain/errors.ts';
import { type Configuration, toConfiguration } from './configuration.ts';
import { configurationDocumentSchema } from './configuration-document.ts';
import { describeProblems } from './configuration-problems.ts';

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
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
  return parseConfiguration(text, file, dirname(resolve(file)));
}

/**
 * Read a configuration that is no file, such as the variable of a Lambda function.
 *
 * @param name - what messages call it
 * @param directory - what relative paths in it are relative to
 * @throws ArchiveError CONFIG_INVALID with every problem, one a line
 */
export function parseConfiguration(text: string, name: string, directory: string): Configuration {
  const lines = new LineCounter();
  // Pretty errors would quote whole lines.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw new ArchiveError(
      'CONFIG_INVALID',
      document.errors
        .map(({ pos, code, message }) => {
          const { line, col } = lines.linePos(pos[0]);
          return `${name}:${line}:${col}: not YAML: ${UNQUOTED[code] ?? message}`;
        })
        .join('\n'),
    );
  if (document.contents === null)
    throw new ArchiveError('CONFIG_INVALID', `${name} is empty; ${START}`);

  const parsed = configurationDocumentSchema.safeParse(toValue(document, name));
  if (!parsed.success)
    throw new ArchiveError(
      'CONFIG_INVALID',
      describeProblems(parsed.error.issues, name, document, lines),
    );
  return toConfiguration(parsed.data, directory);
}

/** Neither the parser's message nor its error as a cause: they name the alias, which may be a secret that starts with `*`. */
function toValue(document: Document, name: string): unknown {
  try {
    return document.toJS();
  } catch {
    throw new ArchiveError(
      'CONFIG_INVALID',
      `${name}: not YAML: an alias (*…) has no anchor (&…), or there are too many; put text that starts with * in quotes`,
    );
  }
}

/** Errors whose own message quotes the text they stand at: no such quote may leave a file that might hold a secret. */
const UNQUOTED: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DIRECTIVE: 'this is no directive; put text that starts with % in quotes',
  BAD_DQ_ESCAPE: 'this is no escape sequence; put text with a backslash in single quotes',
  TAG_RESOLVE_FAILED: 'this is no tag; put text that starts with ! in quotes',
  UNEXPECTED_TOKEN: 'this text is unexpected here; check indentation, or put it in quotes',
};

const START = 'start from a copy of cf-audit-archive.example.yml';

function unreadable(file: string, error: NodeJS.ErrnoException): ArchiveError {
  const message =
    error.code === 'ENOENT'
      ? `there is no ${file}; ${START}, or name another file with --config`
      : `cannot read the configuration ${file}: ${error.message}`;
  return new ArchiveError('CONFIG_INVALID', message, { cause: error });
}
