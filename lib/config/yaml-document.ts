import { type Document, type ErrorCode, LineCounter, parseDocument } from 'yaml';
import { ArchiveError } from '../domain/errors.ts';

/** A configuration as written, before anything is known of its keys. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where each key stands. */
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * @param name - what messages call it
 * @throws ArchiveError CONFIG_INVALID with every place that is not YAML, one a line; no message quotes what stands there
 */
export function parseYaml(text: string, name: string): YamlDocument {
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
  return { value: toValue(document, name), document, lines };
}

/** What to do when there is nothing. */
export const START = 'start from a copy of cf-audit-archive.example.yml';

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
