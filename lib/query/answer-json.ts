import { coverageJson } from '../domain/coverage.ts';
import { eventJson } from '../domain/event-json.ts';
import type { EventAnswer } from './search-events.ts';

/** The answer for machines (design §7); assembled as text, because `data` must stay digit for digit. */
export function answerJson(answer: EventAnswer): string {
  const events = answer.events.map((row) => eventJson(row, { names: true })).join(',');
  const rest = JSON.stringify({
    next_cursor: answer.nextCursor,
    coverage: coverageJson(answer.coverage),
    scanned_bytes: answer.scannedBytes,
    cost_usd: answer.dollars,
  });
  return `{"events":[${events}],${rest.slice(1)}`;
}
