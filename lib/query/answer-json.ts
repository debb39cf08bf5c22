import { coverageJson } from '../domain/coverage.ts';
import { eventJson } from '../domain/event-json.ts';
import type { EventAnswer } from './search-events.ts';

/** What every page has beside its events. */
type PageFacts = Pick<EventAnswer, 'events' | 'coverage' | 'scannedBytes' | 'dollars'>;

/** A page for machines, on the command line and over HTTP alike: its events, then `place`, which tells where it lies, then how complete it is and what it cost. Assembled as text, because `data` must stay digit for digit. */
export function pageJson(page: PageFacts, place: Readonly<Record<string, unknown>>): string {
  const events = page.events.map((row) => eventJson(row, { names: true })).join(',');
  const rest = JSON.stringify({
    ...place,
    coverage: coverageJson(page.coverage),
    scanned_bytes: page.scannedBytes,
    cost_usd: page.dollars,
  });
  return `{"events":[${events}],${rest.slice(1)}`;
}

export const answerJson = (answer: EventAnswer): string =>
  pageJson(answer, { next_cursor: answer.nextCursor });
