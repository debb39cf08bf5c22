import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { DayCounts } from '../../lib/query/day-counts.ts';
import { GroupMemory } from '../../lib/query/group-memory.ts';
import type { EventGroup, ListedPart, QueryEngine } from '../../lib/query/ports.ts';
import { anEventQuery } from '../support/event-queries.ts';

describe('DayCounts', () => {
  const days = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [`day ${index}`, index]));

  it('remembers, and adds what is found later', () => {
    const counts = new DayCounts();
    counts.add('a', new Map([['1', 5]]));
    counts.add('a', new Map([['2', 7]]));

    expect([...counts.of('a')]).toEqual([
      ['1', 5],
      ['2', 7],
    ]);
    expect([...counts.of('b')]).toEqual([]);
  });

  it('forgets the question that was asked longest ago when it knows too much', () => {
    const counts = new DayCounts();
    for (const question of ['a', 'b', 'c']) counts.add(question, days(80_000));
    counts.of('a');
    counts.add('d', days(80_000));

    expect(['a', 'b', 'c', 'd'].map((question) => counts.of(question).size)).toEqual([
      80_000, 0, 80_000, 80_000,
    ]);
  });
});

describe('GroupMemory', () => {
  const foundation = foundationNameSchema.parse('eu-1');
  const aPart = (key: string): ListedPart => ({
    key,
    foundation,
    dt: daySchema.parse('2026-03-01'),
    bytes: 10,
    modifiedAt: new Date(0),
  });
  const anEngine = (groups: number) => {
    let asked = 0;
    const engine = {
      groups: async () => {
        asked += 1;
        const group: EventGroup = { key: [], rows: 1, first: new Date(0), last: new Date(0) };
        return { groups: Array<EventGroup>(groups).fill(group), scannedBytes: 10, dollars: 1 };
      },
    } as unknown as QueryEngine;
    return { context: { engine, visibility: SEES_ALL }, asked: () => asked };
  };

  it('asks the engine again only when question, parts, columns or visibility are others', async () => {
    const memory = new GroupMemory();
    const { context, asked } = anEngine(1);
    const query = anEventQuery();
    const developer = { kind: 'scoped', spaces: ['s'], organizations: [] } as const;

    await memory.groups(context, query, [aPart('1')], ['type']);
    const again = await memory.groups(context, query, [aPart('1')], ['type']);
    expect([asked(), again.length]).toEqual([1, 1]);

    await memory.groups(context, query, [aPart('1'), aPart('2')], ['type']);
    await memory.groups(context, query, [aPart('1')], ['guid']);
    await memory.groups(context, anEventQuery({ types: ['x'] }), [aPart('1')], ['type']);
    await memory.groups({ ...context, visibility: developer }, query, [aPart('1')], ['type']);
    expect(asked()).toBe(5);
  });

  it('asks nothing of no parts, and forgets what was asked longest ago', async () => {
    const memory = new GroupMemory();
    const { context, asked } = anEngine(90_000);
    const ask = (key: string) => memory.groups(context, anEventQuery(), [aPart(key)], ['type']);

    expect(await memory.groups(context, anEventQuery(), [], ['type'])).toEqual([]);
    for (const key of ['1', '2', '1', '3', '1', '2']) await ask(key);

    // 2 had to go for 3.
    expect(asked()).toBe(4);
  });
});
