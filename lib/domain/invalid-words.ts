import type { z } from 'zod';
import { ArchiveError } from './errors.ts';
import { option, worded } from './wording.ts';

/** What is wrong with a question, a line for each word, which is named as an option: `not-type`. @param wordOf - the word for a member of what was parsed; default: its own name */
export const invalidWords = (
  issues: readonly z.core.$ZodIssue[],
  wordOf: Readonly<Record<string, string>>,
): ArchiveError =>
  new ArchiveError(
    'QUERY_INVALID',
    issues.map(
      ({ path: [name], message }) =>
        worded`${option(wordOf[String(name)] ?? String(name))}: ${message}`,
    ),
  );
