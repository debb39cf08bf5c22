import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { currentEventTypes } from '../../../lib/sample-foundation/generator/event-types.ts';
import { generateFoundation } from '../../../lib/sample-foundation/generator/generate-foundation.ts';
import type { EventRecord, FoundationRecords } from '../../../lib/sample-foundation/records.ts';

const DAY = 86_400_000_000;

const month = {
  seed: 1,
  from: new Date('2026-10-22T00:00:00Z'),
  to: new Date('2026-11-21T00:00:00Z'),
  eventsPerDay: 300,
};

function fingerprint(records: FoundationRecords): string {
  const hash = createHash('sha256');
  for (const event of records.events) hash.update(JSON.stringify(event));
  return hash.update(JSON.stringify({ ...records, events: null })).digest('hex');
}

function countByDay(events: Iterable<EventRecord>): number[] {
  const counts = new Map<number, number>();
  for (const { created_at } of events) {
    const day = Math.floor(created_at / DAY);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([, count]) => count);
}

describe('generateFoundation', () => {
  it('gives the same records for the same seed, and others for another', () => {
    const first = fingerprint(generateFoundation(month));

    expect(fingerprint(generateFoundation(month))).toBe(first);
    expect(fingerprint(generateFoundation({ ...month, seed: 2 }))).not.toBe(first);
  });

  it('starts anew each time its events are iterated', () => {
    const { events } = generateFoundation({ ...month, eventsPerDay: 50 });

    expect([...events]).toEqual([...events]);
  });

  it('makes events only when they are asked for: the first of thirty million at once', () => {
    const { events } = generateFoundation({ ...month, eventsPerDay: 1_000_000 });

    const [first] = events;

    expect(first?.created_at).toBeLessThan(month.from.getTime() * 1000 + DAY / 24);
  });

  it.each([1, 2, 'three'])('tells who deleted app checkout (seed %s)', (seed) => {
    const { events, apps, spaces, organizations } = generateFoundation({ ...month, seed });
    const app = apps.find(({ name }) => name === 'checkout');
    const space = spaces.find(({ guid }) => guid === app?.space_guid);
    const organization = organizations.find(({ guid }) => guid === space?.organization_guid);

    const history = [...events].filter(({ actee }) => actee === app?.guid);
    const deletions = history.filter(({ type }) => type === 'audit.app.delete-request');

    expect([organization?.name, space?.name]).toEqual(['shop', 'payments']);
    expect(deletions).toHaveLength(1);
    expect(deletions[0]).toMatchObject({
      actor_name: 'dana.whitfield@example.org',
      actee_name: 'checkout',
      created_at: Date.parse('2026-11-09T14:23:07Z') * 1000 + 418_233,
      space_guid: space?.guid,
    });
    expect(app?.deleted_at).toBe(deletions[0]?.created_at);
    expect(
      Math.max(...history.map(({ created_at }) => created_at)) - (app?.deleted_at ?? 0),
    ).toBeLessThan(5e6);
  });

  it('deletes checkout in the middle of a period too short for the usual day', () => {
    const { events } = generateFoundation({ ...month, from: new Date('2026-11-20T00:00:00Z') });

    const deletions = [...events].filter(
      ({ type, actee_name }) => type === 'audit.app.delete-request' && actee_name === 'checkout',
    );

    expect(deletions.map(({ created_at }) => created_at)).toEqual([
      Date.parse('2026-11-20T12:00:00Z') * 1000,
    ]);
  });

  it('shows every current type in any 30 days of 300 events', () => {
    for (const from of ['2026-10-22T00:00:00Z', '2026-12-05T13:30:00Z']) {
      const { events } = generateFoundation({
        ...month,
        from: new Date(from),
        to: new Date(Date.parse(from) + 30 * 86_400_000),
      });

      const types = new Set([...events].map(({ type }) => type));

      expect([...types].sort()).toEqual(currentEventTypes.map(({ type }) => type).sort());
    }
  });

  it.each([20, 300, 5000])('puts exactly %i events into each day when asked to', (eventsPerDay) => {
    const to = new Date('2026-11-01T00:00:00Z');

    const { events } = generateFoundation({ ...month, to, eventsPerDay, exactly: true });

    expect(countByDay(events)).toEqual(Array.from({ length: 10 }, () => eventsPerDay));
  });

  it('has busy weekdays and quiet weekends, and the average over a week', () => {
    const from = new Date('2026-11-02T00:00:00Z');
    const to = new Date('2026-11-09T00:00:00Z');

    const counts = countByDay(
      generateFoundation({ ...month, from, to, eventsPerDay: 1000 }).events,
    );

    const sum = counts.reduce((all, count) => all + count);
    expect(sum / 7).toBeGreaterThan(950);
    expect(sum / 7).toBeLessThan(1050);
    expect(Math.min(...counts.slice(0, 5))).toBeGreaterThan(1.8 * Math.max(...counts.slice(5)));
  });

  it('keeps to half-open bounds, also within a day', () => {
    const from = new Date('2026-11-03T07:30:00Z');
    const to = new Date('2026-11-04T16:10:00Z');

    const events = [...generateFoundation({ ...month, from, to, eventsPerDay: 2000 }).events];

    const instants = events.map(({ created_at }) => created_at);
    expect(events.length).toBeGreaterThan(2000);
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(from.getTime() * 1000);
    expect(Math.max(...instants)).toBeLessThan(to.getTime() * 1000);
  });
});
