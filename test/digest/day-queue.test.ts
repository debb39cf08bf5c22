import { describe, expect, it } from '@jest/globals';
import { DayQueue } from '../../lib/digest/day-queue.ts';
import { type Day, daysFrom } from '../../lib/domain/day.ts';
import type { Digest } from '../../lib/domain/digest.ts';
import { manifestKey, runReportKey } from '../../lib/domain/object-keys.ts';
import { aDay, FOUNDATION } from './support/archive-rig.ts';

const aDigest = (day: Day, objects: string[], days: Digest['days'] = []): Digest => ({
  format: 'cf-audit-archive/digest/v1',
  foundation: FOUNDATION,
  day,
  tool: 'test',
  signed_at: `${day}T06:00:00.000Z`,
  previous: null,
  objects: objects.map((key) => ({ key, sha256: '0'.repeat(64) })),
  days,
});

const manifest = (day: Day, revision = 0) => manifestKey(FOUNDATION, day, revision);
const run = (day: Day) => runReportKey(FOUNDATION, new Date(`${day}T05:00:00Z`), '0a');

describe('DayQueue', () => {
  it('gives a day once every link that can name something of it was added', () => {
    const [first, second, third] = [aDay('2026-03-01'), aDay('2026-03-02'), aDay('2026-03-03')];
    const queue = new DayQueue([first, second, third]);

    queue.add(aDigest(third, [manifest(first, 1), manifest(second), run(third)]));
    const before = [...queue.readyAfter(third)];
    queue.add(aDigest(second, [manifest(first), run(second)]));
    const afterSecond = [...queue.readyAfter(second)];
    const rest = [...queue.rest()];

    expect(before).toEqual([]);
    expect(afterSecond.map(({ dt, named }) => [dt, [...named.keys()]])).toEqual([
      [third, [run(third)]],
    ]);
    expect(rest.map(({ dt, named }) => [dt, [...named.keys()]])).toEqual([
      [second, [manifest(second), run(second)]],
      [first, [manifest(first, 1), manifest(first)]],
    ]);
  });

  it('gives nothing before the first trusted link', () => {
    const queue = new DayQueue([aDay('2026-03-09')]);

    expect([...queue.readyAfter(aDay('2026-03-01'))]).toEqual([]);
    expect([...queue.rest()]).toMatchObject([{ dt: '2026-03-09', counted: undefined }]);
  });

  it('gives a day of which nothing is left, when the table counts it', () => {
    const day = aDay('2026-03-01');
    const row = {
      dt: day,
      status: 'closed',
      revisions: 1,
      events: 2,
      counted_at: null,
      at_source: null,
      deleted_at_source: 0,
      losses: [],
    } as const;
    const queue = new DayQueue([]);
    queue.add(aDigest(aDay('2026-03-02'), [], [{ ...row, losses: [] }]));

    expect([...queue.rest()]).toMatchObject([{ dt: day, counted: row }]);
  });

  it('is behind the walk by a day or two, however long the chain is', () => {
    const days = daysFrom(aDay('2020-01-01'), aDay('2027-02-12'));
    const queue = new DayQueue(days);
    let held = 0;
    let most = 0;
    for (const day of days.toReversed()) {
      const previous = days[days.indexOf(day) - 1] ?? day;
      queue.add(aDigest(day, [manifest(previous), run(day)]));
      held += 2;
      for (const { named } of queue.readyAfter(day)) held -= named.size;
      most = Math.max(most, held);
    }

    expect(days).toHaveLength(2600);
    expect(most).toBeLessThanOrEqual(4);
  });
});
