import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

describe('CC §4 retention', () => {
  let foundation: SampleFoundation;
  const remaining = () =>
    [...foundation.database.countByDay().keys()].flatMap((day) =>
      foundation.database.guidsOfDay(day),
    );

  beforeEach(async () => {
    const at = (guid: string, instant: string) =>
      anEventRecord({ guid, created_at: micros(instant) });
    foundation = await startSampleFoundation({
      now: new Date('2026-03-31T19:59:59Z'),
      records: theRecords({
        events: [
          at('old', '2026-02-28T19:59:59.999999Z'),
          at('edge', '2026-02-28T20:00:00Z'),
          at('next-old', '2026-03-01T19:59:59.999999Z'),
          at('next-edge', '2026-03-01T20:00:00Z'),
        ],
      }),
    });
  });

  afterEach(() => foundation.close());

  it('keeps rows that are past 31 days until 20:00', () => {
    foundation.clock.advance(999);

    expect(remaining()).toHaveLength(4);
  });

  it('deletes at 20:00 UTC what was created before the cutoff, which is 31 days ago', () => {
    foundation.clock.advance(1000);

    expect(remaining()).toEqual(['edge', 'next-edge', 'next-old']);
  });

  it('runs for every 20:00 that is passed', () => {
    foundation.clock.set(new Date('2026-04-02T00:00:00Z'));

    expect(remaining()).toEqual(['next-edge']);
  });

  it('uses the last 20:00 passed, not the instant the clock is set to', () => {
    foundation.clock.set(new Date('2026-04-01T19:59:59Z'));

    expect(remaining()).toEqual(['edge', 'next-edge', 'next-old']);
  });

  it('does nothing while it is switched off, nor when the clock goes back', () => {
    foundation.cleanup.enabled = false;
    foundation.clock.set(new Date('2026-06-01T00:00:00Z'));
    foundation.cleanup.enabled = true;
    foundation.clock.set(new Date('2026-03-01T00:00:00Z'));
    foundation.clock.set(new Date('2026-03-01T19:59:59Z'));

    expect(foundation.database.all('SELECT guid FROM events')).toHaveLength(4);
  });

  it('deletes the difference at the next 20:00 when the cutoff is lowered', () => {
    foundation.cleanup.retentionDays = 30;
    expect(remaining()).toHaveLength(4);
    foundation.clock.advance(1000);

    expect(remaining()).toEqual(['next-edge']);
  });

  it('runs once for one 20:00, also when the clock stood still at it', () => {
    foundation.clock.advance(1000);
    foundation.cleanup.retentionDays = 30;
    foundation.clock.advance(3_600_000);

    expect(remaining()).toEqual(['edge', 'next-edge', 'next-old']);
  });

  it('cannot delete what is not yet committed', () => {
    foundation.database.insertEvents([
      anEventRecord({
        guid: 'late',
        created_at: micros('2026-02-01T00:00:00Z'),
        committed_at: micros('2026-03-31T20:00:01Z'),
      }),
    ]);
    foundation.clock.advance(2000);

    expect(remaining()).toContain('late');
  });

  it('deletes one event as an admin may, and all as a migration once did', () => {
    expect(foundation.database.deleteEvent('edge')).toBe(true);
    expect(foundation.database.deleteEvent('edge')).toBe(false);
    expect(remaining()).toEqual(['old', 'next-edge', 'next-old']);

    foundation.database.truncateEvents();

    expect(foundation.database.countByDay()).toEqual(new Map());
  });
});
