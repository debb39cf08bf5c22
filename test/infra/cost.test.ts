import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { costOf } from '../../infra/cost-assumptions.ts';
import { monthlyBill, storageBill } from '../../infra/cost-bill.ts';
import { costDocument } from '../../infra/cost-document.ts';
import { exampleFacts } from '../../infra/cost-facts.ts';
import { QUESTIONS, questionCost, scannedBytes } from '../../infra/cost-questions.ts';

const NOW = new Date('2026-11-21T10:00:00Z');

describe('docs/cost.md', () => {
  it('is what npm run cost makes', async () => {
    const written = await readFile('docs/cost.md', 'utf8');

    expect(costDocument(await exampleFacts(NOW))).toBe(written);
  });
});

describe('the cost of a month', () => {
  it('reads the stack from its own files', async () => {
    expect(await exampleFacts(NOW)).toMatchObject({
      archiveRuns: 120,
      digestRuns: 30,
      memoryGb: { archive: 0.5, 'archive-day': 2, digest: 0.5, query: 1 },
      diskGb: 9.5,
      infrequentAfterDays: 90,
      instantAfterDays: 365,
      keys: 3,
      secrets: 2,
    });
  });

  it('moves every part through the three classes', async () => {
    const facts = await exampleFacts(NOW);
    const gb = (years: number): number[] =>
      storageBill(1_000_000, years, facts)
        .slice(0, 3)
        .map(({ quantity }) => Number(quantity.toFixed(3)));

    // 0.093 GB a day.
    expect(gb(1)).toEqual([8.37, 25.575, 0]);
    expect(gb(7)).toEqual([8.37, 25.575, 203.67]);
  });

  it('prices the function that stores days by its seconds', async () => {
    const bill = monthlyBill(1_000_000, await exampleFacts(NOW));
    const line = bill.find(({ what }) => what === '`archive-day`');

    // 60 reads of 415 s and 120 of 5 s, at 2 GB.
    expect(line?.quantity).toBe((60 * 415 + 120 * 5) * 2);
    expect(line && costOf(line)).toBeCloseTo(0.68, 2);
  });

  it('asks for 10 MB at least, for whole small files, and for row groups of large ones', () => {
    const [oneApp, , allSpaces] = QUESTIONS;
    if (!oneApp || !allSpaces) throw new Error('no questions');

    expect(scannedBytes(100, oneApp)).toBe(30 * 9_300);
    expect(questionCost(100, oneApp)).toBeCloseTo(10e-6 * 5 + 30 * 5e-6 + 90 * 4e-7, 9);
    expect(scannedBytes(1_000_000, oneApp)).toBe(30 * 100_000 * 93);
    expect(scannedBytes(10_000, allSpaces)).toBe(365 * 930_000);
    expect(scannedBytes(1_000_000, allSpaces)).toBeCloseTo(365 * 93e6 * 0.26, 0);
  });
});
