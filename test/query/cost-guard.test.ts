import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { guardCost } from '../../lib/query/cost-guard.ts';

const part = (dt: string, bytes: number) => ({
  key: `part of ${dt}`,
  foundation: foundationNameSchema.parse('eu-1'),
  dt: daySchema.parse(dt),
  bytes,
  modifiedAt: new Date(0),
});

describe('guardCost', () => {
  const parts = [part('2026-03-01', 60e9), part('2026-03-02', 63e9), part('2026-03-02', 1e9)];

  it('refuses what is over the cap, and says how to ask for less', () => {
    expect(() => guardCost(parts, 100e9)).toThrow(
      'this question may read 124.0 GB of 2 days, and max_scan allows 100.0 GB: ask for fewer days (from, to, last) or one foundation, or raise max_scan in the configuration',
    );
  });

  it('lets pass what is not', () => {
    expect(() => guardCost(parts, 124e9)).not.toThrow();
    expect(() => guardCost(parts, undefined)).not.toThrow();
  });
});
