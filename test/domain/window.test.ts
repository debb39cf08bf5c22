import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOneSecond, splitWindow, type Window, windowText } from '../../lib/domain/window.ts';

const aWindow = (from: string, seconds: number): Window => ({
  from: new Date(from),
  to: new Date(Date.parse(from) + seconds * 1000),
});

const NOON = '2026-03-01T12:00:00Z';
const lengthOf = ({ from, to }: Window): number => to.getTime() - from.getTime();

describe('splitWindow', () => {
  it('tiles a window exactly, in whole seconds and about equal parts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 50 }),
        (seconds, parts) => {
          const window = aWindow(NOON, seconds);

          const windows = splitWindow(window, parts);

          expect(windows).toHaveLength(Math.min(parts, seconds));
          expect(windows[0]?.from).toEqual(window.from);
          expect(windows.at(-1)?.to).toEqual(window.to);
          for (const [index, part] of windows.entries()) {
            if (index > 0) expect(part.from).toEqual(windows[index - 1]?.to);
            expect(part.from.getTime() % 1000).toBe(0);
            expect(lengthOf(part)).toBeGreaterThanOrEqual(1000);
          }
          const lengths = windows.map(lengthOf);
          expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1000);
        },
      ),
    );
  });

  it.each([0, -1, 1])('leaves a window whole that is cut into %i', (parts) => {
    expect(splitWindow(aWindow(NOON, 60), parts)).toEqual([aWindow(NOON, 60)]);
  });

  it('cuts no second', () => {
    expect(splitWindow(aWindow(NOON, 1), 8)).toEqual([aWindow(NOON, 1)]);
  });
});

describe('isOneSecond', () => {
  it.each([
    [1, true],
    [2, false],
    [86_400, false],
  ])('of %i seconds is %s', (seconds, expected) => {
    expect(isOneSecond(aWindow(NOON, seconds))).toBe(expected);
  });
});

describe('windowText', () => {
  it('shows which end is included', () => {
    expect(windowText(aWindow(NOON, 60))).toBe('[2026-03-01T12:00:00Z, 2026-03-01T12:01:00Z)');
  });
});
