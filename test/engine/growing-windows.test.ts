import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { growingWindows } from '../../lib/engine/growing-windows.ts';
import type { ListedPart } from '../../lib/query/ports.ts';
import { anEventQuery } from '../support/event-queries.ts';

const at = (text: string): Date => new Date(`${text}Z`);
const text = ({ from, to }: { from: Date; to: Date }): string =>
  `${from.toISOString().slice(0, 16)} ${to.toISOString().slice(0, 16)}`;

/** A part of each of the days. */
const partsOf = (...days: readonly string[]): ListedPart[] =>
  days.map((day) => ({
    key: `part of ${day}`,
    foundation: foundationNameSchema.parse('eu-1'),
    dt: daySchema.parse(day),
    bytes: 1,
    modifiedAt: new Date(0),
  }));
const EVERYWHERE = partsOf(
  ...[
    '2026-03-29',
    '2026-03-28',
    '2026-03-22',
    '2026-03-20',
    '2026-02-20',
    '2025-02-20',
    '2020-01-01',
  ],
);

describe('growingWindows', () => {
  it('is the range itself when one was asked for, or the oldest events are wanted', () => {
    const query = anEventQuery();

    expect(growingWindows(query, [], undefined)).toEqual([{ from: query.from, to: query.to }]);
    expect(
      growingWindows({ ...query, openRange: true, order: 'oldest' }, EVERYWHERE, undefined),
    ).toHaveLength(1);
  });

  it('covers an open range once, newest first, in growing steps that end on UTC days', () => {
    const query = anEventQuery({
      from: at('2020-01-01T00:00'),
      to: at('2026-03-29T12:00'),
      openRange: true,
    });

    expect(growingWindows(query, EVERYWHERE, undefined).map(text)).toEqual([
      '2026-03-29T00:00 2026-03-29T12:00',
      '2026-03-22T00:00 2026-03-29T00:00',
      '2026-02-20T00:00 2026-03-22T00:00',
      '2025-02-20T00:00 2026-02-20T00:00',
      '2020-01-01T00:00 2025-02-20T00:00',
    ]);
  });

  it('ends where the range begins', () => {
    const query = anEventQuery({
      from: at('2026-03-20T06:00'),
      to: at('2026-03-29T00:00'),
      openRange: true,
    });

    expect(growingWindows(query, EVERYWHERE, undefined).map(text)).toEqual([
      '2026-03-28T00:00 2026-03-29T00:00',
      '2026-03-21T00:00 2026-03-28T00:00',
      '2026-03-20T06:00 2026-03-21T00:00',
    ]);
  });

  it('leaves out what has no parts in it or a day beside it, and what lies before the position', () => {
    const query = anEventQuery({
      from: at('2020-01-01T00:00'),
      to: at('2026-03-29T12:00'),
      openRange: true,
    });
    const parts = partsOf('2026-03-29', '2026-03-01', '2020-01-01');

    expect(growingWindows(query, parts, undefined).map(text)).toEqual([
      '2026-03-29T00:00 2026-03-29T12:00',
      '2026-03-22T00:00 2026-03-29T00:00',
      '2026-02-20T00:00 2026-03-22T00:00',
      '2020-01-01T00:00 2025-02-20T00:00',
    ]);
    const after = { createdAt: at('2026-03-01T00:00'), guid: 'g' };
    expect(growingWindows(query, parts, after).map(text)).toEqual([
      '2026-02-20T00:00 2026-03-22T00:00',
      '2020-01-01T00:00 2025-02-20T00:00',
    ]);
  });
});
