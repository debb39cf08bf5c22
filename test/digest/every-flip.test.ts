import { expect, it } from '@jest/globals';
import { limitConcurrency } from '../../lib/domain/limiter.ts';
import { aSmallArchive } from './support/archive-rig.ts';

/** Verifications at once; half of each is waiting for files. */
const AT_ONCE = 8;

it('finds every changed byte of every object, and names the object', async () => {
  const rig = await aSmallArchive();
  const limited = limitConcurrency(AT_ONCE);
  const unseen: string[] = [];
  let flips = 0;

  const verdicts = rig.store.keys().flatMap((key) =>
    [...rig.store.bytes(key).keys()].map((offset) =>
      limited(async () => {
        const store = rig.store.copy();
        const bytes = Buffer.from(rig.store.bytes(key));
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (offset % 8));
        store.put(key, bytes);
        const { findings } = await rig.verify({ store });
        flips += 1;
        if (!findings.some(({ object }) => object === key)) unseen.push(`${key} at ${offset}`);
      }),
    ),
  );
  await Promise.all(verdicts);

  expect(unseen).toEqual([]);
  expect(flips).toBeGreaterThan(10_000);
  await rig.close();
}, 300_000);
