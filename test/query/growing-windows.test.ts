import { describe, expect, it } from '@jest/globals';
import { growingWindows } from '../../lib/query/growing-windows.ts';
import { anEventQuery } from '../support/event-queries.ts';

const at = (text: string): Date => new Date(`${text}Z`);
const text = ({ from, to }: { from: Date; to: Date }): string =>
  `${from.toISOString().slice(0, 16)} ${to.toISOString().slice(0, 16)}`;

describe('growingWindows', () => {
  it('is the range itself when one was asked for, or the oldest events are wanted', () => {
    const query = anEventQuery();

    expect(growingWindows(query)).toEqual([{ from: query.from, to: query.to }]);
    expect(growingWindows({ ...query, openRange: true, order: 'oldest' })).toHaveLength(1);
  });

  it('covers an open range once, newest first, in growing steps that end on UTC days', () => {
    const query = anEventQuery({
      from: at('2020-01-01T00:00'),
      to: at('2026-03-29T12:00'),
      openRange: true,
    });

    expect(growingWindows(query).map(text)).toEqual([
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

    expect(growingWindows(query).map(text)).toEqual([
      '2026-03-28T00:00 2026-03-29T00:00',
      '2026-03-21T00:00 2026-03-28T00:00',
      '2026-03-20T06:00 2026-03-21T00:00',
    ]);
  });
});
