import type { EventRow } from '../domain/columns.ts';
import { coverageSentence } from '../domain/coverage.ts';
import { eventJson } from '../domain/event-json.ts';
import { secondText } from '../domain/instant.ts';
import type { EventAnswer } from '../query/search-events.ts';
import { tableLines } from './table.ts';
import { bold, type Terminal } from './terminal.ts';
import { plural } from './words.ts';

const COLUMNS = [
  { title: 'time' },
  { title: 'event' },
  { title: 'actor' },
  { title: 'target' },
  { title: 'space' },
  { title: 'organization' },
];

/** The first text that says anything; the archive keeps empty and null apart, a person need not. */
const firstOf = (...texts: readonly (string | null)[]): string =>
  texts.find((text) => text !== null && text !== '') ?? '';

const cells = (row: EventRow): string[] => [
  row.created_at ? secondText(row.created_at) : '',
  firstOf(row.type),
  firstOf(row.actor_name, row.actor_guid),
  firstOf(row.target_name, row.target_guid),
  firstOf(row.space_name, row.space_guid),
  firstOf(row.organization_name, row.organization_guid),
];

/** The answer for people: how complete it is first, then the events. */
export function printAnswer(answer: EventAnswer, terminal: Terminal): void {
  const sentence = coverageSentence(answer.coverage);
  if (sentence !== undefined) terminal.out(`${sentence}\n`);
  if (answer.events.length === 0) {
    terminal.out('No events found.\n');
    return;
  }
  const [heading, ...lines] = tableLines(COLUMNS, answer.events.map(cells), terminal.width);
  terminal.out(`${bold(heading ?? '')}\n`);
  for (const line of lines) terminal.out(`${line}\n`);
  if (answer.more) {
    terminal.out(
      `More than ${plural(answer.events.length, 'event')} match: narrow the question, or raise --limit.\n`,
    );
  }
}

/** The answer for machines (design §7); assembled as text, because `data` must stay digit for digit. */
export function answerJson(answer: EventAnswer): string {
  const events = answer.events.map((row) => eventJson(row, { names: true })).join(',');
  const rest = JSON.stringify({
    next_cursor: null,
    more: answer.more,
    coverage: answer.coverage,
    scanned_bytes: answer.scannedBytes,
  });
  return `{"events":[${events}],${rest.slice(1)}`;
}
