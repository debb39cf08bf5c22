import { DAY_MS } from '../domain/day.ts';
import { generateFoundation } from '../sample-foundation/generator/generate-foundation.ts';
import { ARCHIVER_CLIENT, startSampleFoundation } from '../sample-foundation/sample-foundation.ts';

/** When the demo takes place: always the same days, so that a second run finds nothing new, and documents may quote it. */
export const DEMO_NOW = new Date('2026-11-20T09:00:00Z');

const DEMO_DAYS = 35;
const DEMO_EVENTS_PER_DAY = 2_000;

/** A foundation that has lived for 35 days and whose daily clean-up has just run: the first days are gone, as they are at any foundation of that age. */
export async function startDemoFoundation() {
  const foundation = await startSampleFoundation({
    records: generateFoundation({
      seed: 'demo',
      from: new Date(DEMO_NOW.getTime() - DEMO_DAYS * DAY_MS),
      to: DEMO_NOW,
      eventsPerDay: DEMO_EVENTS_PER_DAY,
    }),
    now: new Date(DEMO_NOW.getTime() - DAY_MS),
  });
  foundation.clock.set(DEMO_NOW);
  return { foundation, client: ARCHIVER_CLIENT };
}
