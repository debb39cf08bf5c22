import { describe, expect, it } from '@jest/globals';
import { oddEvents, oddEventsByName } from '../../../lib/sample-foundation/generator/odd-events.ts';

const options = { seed: 1, at: new Date('2026-11-18T10:00:00Z') };

describe('oddEvents', () => {
  it('are the same for the same seed, with GUIDs of their own', () => {
    const events = oddEvents(options);

    expect(oddEvents(options)).toEqual(events);
    expect(new Set(events.map(({ guid }) => guid)).size).toBe(events.length);
  });

  it('have valid JSON as data', () => {
    for (const { metadata } of oddEvents(options)) {
      if (metadata !== null) expect(typeof JSON.parse(metadata)).toBe('object');
    }
  });

  it('keep what a double cannot hold', () => {
    const events = oddEventsByName(options);

    expect(events.get('data: int64 range')?.metadata).toContain('9223372036854775807');
    expect(events.get('data: 23 digits')?.metadata).toContain('12345678901234567890123');
    expect(events.get('data: beyond a double')?.metadata).toContain('1e400');
    expect(events.get('data: big manifest')?.metadata?.length).toBeGreaterThan(400_000);
  });

  it('share seconds, and one shares its instant', () => {
    const instants = oddEvents(options).map(({ created_at }) => created_at);

    expect(new Set(instants).size).toBe(instants.length - 1);
    expect(new Set(instants.map((at) => Math.floor(at / 1e6))).size).toBeLessThan(
      instants.length / 2,
    );
  });
});
