import { secondText } from '../domain/instant.ts';
import type { QuestionRow } from '../domain/question-columns.ts';
import type { QueryLogAnswer } from '../query-log/search-query-log.ts';
import { tableLines } from './table.ts';
import { bold, type Terminal } from './terminal.ts';
import { plural } from './words.ts';

const COLUMNS = [
  { title: 'time' },
  { title: 'who' },
  { title: 'from' },
  { title: 'asked' },
  { title: 'ticket' },
  { title: 'outcome' },
  { title: 'rows', align: 'right' as const },
];

const cells = (row: QuestionRow): string[] => [
  row.asked_at ? secondText(row.asked_at) : '',
  row.user_name ?? row.user_guid ?? '',
  row.address ?? '',
  `${row.path ?? ''}${parametersText(row.parameters)}`,
  row.purpose ?? '',
  row.outcome ?? '',
  String(row.row_count ?? ''),
];

function parametersText(json: string | null): string {
  const parameters = JSON.parse(json ?? '[]') as readonly (readonly [string, string])[];
  if (parameters.length === 0) return '';
  return `?${parameters.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

export function printQuestions(answer: QueryLogAnswer, terminal: Terminal, wide: boolean): void {
  if (answer.questions.length === 0) {
    terminal.out('No questions found.\n');
    return;
  }
  const width = wide ? Number.POSITIVE_INFINITY : terminal.width;
  const [heading, ...lines] = tableLines(COLUMNS, answer.questions.map(cells), width);
  terminal.out(`${bold(heading ?? '')}\n`);
  for (const line of lines) terminal.out(`${line}\n`);
  if (answer.next !== null) {
    terminal.out(
      `More than ${plural(answer.questions.length, 'question')} match: narrow it, raise --limit, or ask again with --cursor ${answer.next}\n`,
    );
  }
}
