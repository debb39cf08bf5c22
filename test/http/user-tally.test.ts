import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../lib/domain/day.ts';
import { UserTally } from '../../lib/http/user-tally.ts';

const at = (time: string): Date => new Date(`2026-03-${time}:00Z`);

describe('UserTally', () => {
  it('begins again for everybody with the next period', () => {
    const tally = new UserTally(DAY_MS);
    tally.add('ann', 100, at('10T23:59'));

    expect(tally.add('bob', 1, at('11T00:00'))).toBe(1);
    expect(tally.add('ann', 1, at('11T00:01'))).toBe(1);
  });

  it('counts what began in an earlier period into this one, and forgets nobody over it', () => {
    const tally = new UserTally(DAY_MS);
    tally.add('ann', 100, at('11T00:01'));
    tally.add('bob', 1, at('11T00:02'));

    expect(tally.add('bob', 10, at('10T23:59'))).toBe(11);
    expect(tally.add('ann', 0, at('11T00:03'))).toBe(100);
    expect(tally.add('bob', 0, at('11T00:03'))).toBe(11);
  });
});
