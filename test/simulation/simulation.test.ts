import { describe, expect, it, jest } from '@jest/globals';
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

/** Every step of a seed, without the random ends of the names of run reports. */
async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await simulateSeed(seed, { trace: (line) => lines.push(line) });
  return lines.map((line) => line.replace(/-[0-9a-f]{8}\.json/, '.json'));
}

// How long it takes says nothing of what it finds.
jest.setTimeout(600_000);

describe('the simulation', () => {
  it('finds no violated invariant', async () => {
    expect(await firstViolation(100)).toBeUndefined();
  });

  it.each(BREAKS)('finds out within 200 seeds when the rule "%s" is broken', async (broken) => {
    expect(await firstViolation(200, broken)).toBeDefined();
  });

  it('takes the same steps for the same seed', async () => {
    const [one, two] = [await traceOf(7), await traceOf(7)];

    expect(two).toEqual(one);
  });
});
