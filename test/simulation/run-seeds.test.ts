import { describe, expect, it } from '@jest/globals';
import { runSeeds } from './run-seeds.ts';

/** Lives every seed but the third, which ends in something that is no violation. */
const WORKER = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', async (seed) => {
      if (seed === 3) throw new TypeError('nobody thought of this');
      parentPort.postMessage({ seed, counts: [], violation: undefined });
    });
  `)}`,
);

describe('runSeeds', () => {
  it('says how to replay a seed that breaks off', async () => {
    const range = { from: 1, count: 5 };
    const ended = runSeeds(range, { broken: 'lte' }, () => undefined, WORKER);

    await expect(ended).rejects.toMatchObject({
      message: 'seed 3 broke off\nreplay: npm run simulate -- --seed 3 --break lte',
      cause: expect.objectContaining({ message: 'nobody thought of this' }),
    });
  });
});
