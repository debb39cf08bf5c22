import { describe, expect, it } from '@jest/globals';
import { BREAKS, type Break } from './breaks.ts';
import { simulateSeed } from './simulate-seed.ts';

/** The first violation among seeds, or undefined. */
async function firstViolation(seeds: number, broken?: Break): Promise<string | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violation } = await simulateSeed(seed, { broken });
    if (violation !== undefined) return `seed ${seed}: ${violation}`;
  }
  return undefined;
}

describe('the simulation', () => {
  it('finds no violated invariant', async () => {
    expect(await firstViolation(150)).toBeUndefined();
  });

  it.each(BREAKS)('finds out within 200 seeds when the rule "%s" is broken', async (broken) => {
    expect(await firstViolation(200, broken)).toBeDefined();
  });

  it('gives the same outcome for the same seed', async () => {
    const [one, two] = [await simulateSeed(7), await simulateSeed(7)];

    expect([...two.tally.counts]).toEqual([...one.tally.counts]);
  });
});
