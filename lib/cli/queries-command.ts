import { type Command, Option } from 'commander';
import { readConfiguration } from '../config/read-configuration.ts';
import { ArchiveError } from '../domain/errors.ts';
import { questionsJson } from '../domain/question-columns.ts';
import {
  DEFAULT_QUESTION_DAYS,
  type QuestionWords,
  questionFilterOf,
} from '../domain/question-filter.ts';
import { SEES_ALL } from '../domain/visibility.ts';
import { DuckDBQuestionDays } from '../parquet/question-days.ts';
import { askedRange, type RangeWords } from '../query/asked-range.ts';
import { searchQueryLog } from '../query-log/search-query-log.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { collect } from './collect.ts';
import { EXIT_OK } from './exit-code.ts';
import { clockFrom } from './instant-options.ts';
import { printQuestions } from './queries-report.ts';
import { addRangeOptions } from './query-options.ts';
import { selectFoundations } from './select-foundations.ts';
import type { Terminal } from './terminal.ts';

interface QueriesFlags extends RangeWords, QuestionWords {
  readonly config: string;
  readonly foundation?: readonly string[];
  readonly now?: string;
  readonly order: 'newest' | 'oldest';
  readonly limit: string;
  readonly cursor?: string;
  readonly json?: boolean;
  readonly wide?: boolean;
}

const MAX_PAGE = 5_000;

export function addQueriesCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program
    .command('queries')
    .description('search the query log: who asked what over HTTP');
  addRangeOptions(command, { foundationHelp: 'whose log; needed when there are several' })
    .option('--user <guid or name>', 'who asked; * allowed (repeatable)', collect)
    .option('--client <id>', 'with which UAA client; * allowed (repeatable)', collect)
    .option('--path <path>', 'what was asked, such as /v3/*; * allowed (repeatable)', collect)
    .option('--ticket <text>', 'the purpose that was given; * allowed (repeatable)', collect)
    .option('--outcome <outcome>', 'answered, aborted, or an error code (repeatable)', collect)
    .option('--address <address>', 'from where; * allowed (repeatable)', collect)
    .option('--text <text>', 'occurs in a parameter; all of several (repeatable)', collect)
    .addOption(new Option('--order <order>').choices(['newest', 'oldest']).default('newest'))
    .option('--limit <n>', `questions on a page, 1 to ${MAX_PAGE}`, '50')
    .option('--cursor <cursor>', 'the next page: what the page before ended with')
    .option('--wide', 'do not cut the table to the width of the terminal')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  cf-audit-archive queries --last 7d --user 'ann@*'
  cf-audit-archive queries --month 2026-03 --text 0f7b3a44-5f7c-4f3e-9a41-1c9a2f0f7d10 --json

Without a range: the last ${DEFAULT_QUESTION_DAYS} days. With several foundations, --foundation names one.

JSON: {"questions": [{"id", and the entry as docs/verify.md has it} …], "next_cursor": text or null}`,
    )
    .action(async (flags: QueriesFlags) => {
      await queries(flags, terminal);
      exit(EXIT_OK);
    });
}

async function queries(flags: QueriesFlags, terminal: Terminal): Promise<void> {
  const now = clockFrom(flags.now)();
  const configuration = await readConfiguration(flags.config);
  const [foundation, ...others] = selectFoundations(configuration, flags.foundation);
  if (foundation === undefined || others.length > 0) {
    throw new ArchiveError(
      'USAGE_INVALID',
      `--foundation ${flags.foundation === undefined ? 'is missing' : 'stands more than once'}: each foundation has a log of its own; name one`,
    );
  }
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  const filter = questionFilterOf(flags, askedRange(flags, now));
  const page = { order: flags.order, after: flags.cursor, limit: pageSize(flags.limit) };
  const answer = await withWorkDirectory((workDirectory) =>
    searchQueryLog(
      {
        store,
        days: new DuckDBQuestionDays(workDirectory),
        workDirectory,
        visibility: SEES_ALL,
        now,
      },
      foundation.name,
      filter,
      page,
    ),
  );
  if (flags.json) terminal.out(`${questionsJson(answer)}\n`);
  else printQuestions(answer, terminal, flags.wide === true);
}

function pageSize(text: string): number {
  const size = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= MAX_PAGE) return size;
  throw new ArchiveError(
    'USAGE_INVALID',
    `--limit ${text}: write a whole number from 1 to ${MAX_PAGE}`,
  );
}
