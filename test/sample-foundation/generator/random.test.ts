import { describe, expect, it } from '@jest/globals';
import { guid, hexadecimal, instanceGuid } from '../../../lib/sample-foundation/generator/guids.ts';
import { Random } from '../../../lib/sample-foundation/generator/random.ts';

describe('Random', () => {
  it('gives the same numbers on every machine', () => {
    const random = new Random(1);

    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
[
  2689437948,
  1659906244,
  3462454432,
]
`);
  });

  it('forks to the same numbers however many it has given', () => {
    const used = new Random('seed');
    used.uint32();

    expect(used.fork('a').uint32()).toBe(new Random('seed').fork('a').uint32());
    expect(used.fork('a').uint32()).not.toBe(used.fork('b').uint32());
  });

  it('spreads evenly', () => {
    const random = new Random('even');
    const counts = [0, 0, 0, 0];

    for (let number = 0; number < 40_000; number += 1) {
      const index = random.integer(0, 3);
      counts[index] = (counts[index] ?? 0) + 1;
    }

    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe('GUIDs', () => {
  it('are of version 4', () => {
    const random = new Random(2);

    for (let number = 0; number < 1000; number += 1) {
      expect(guid(random)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
    expect(instanceGuid(random)).toMatch(/^[0-9a-f-]{28}$/);
    expect(hexadecimal(random, 40)).toMatch(/^[0-9a-f]{40}$/);
  });
});
