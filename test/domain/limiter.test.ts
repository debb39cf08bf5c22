import { describe, expect, it } from '@jest/globals';
import { limitConcurrency } from '../../lib/domain/limiter.ts';

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('limitConcurrency', () => {
  it.each([1, 2, 5])(
    'lets %i run at a time, and the others in the order of their arrival',
    async (limit) => {
      const inTurn = limitConcurrency(limit);
      const begun: number[] = [];
      let running = 0;
      let most = 0;
      const task = (number: number) => async (): Promise<number> => {
        begun.push(number);
        running += 1;
        most = Math.max(most, running);
        await turnOfLoop();
        running -= 1;
        return number;
      };

      const numbers = Array.from({ length: 12 }, (_, index) => index);
      const results = await Promise.all(numbers.map((number) => inTurn(task(number))));

      expect(results).toEqual(numbers);
      expect(begun).toEqual(numbers);
      expect(most).toBe(limit);
    },
  );

  it('goes on after a failure', async () => {
    const inTurn = limitConcurrency(1);
    const failing = inTurn(() => Promise.reject(new Error('broken')));
    const throwing = inTurn(() => {
      throw new Error('at once');
    });
    const following = inTurn(async () => 'done');

    await expect(failing).rejects.toThrow('broken');
    await expect(throwing).rejects.toThrow('at once');
    await expect(following).resolves.toBe('done');
  });

  it('lets nobody wait longer than their signal, and keeps no place for who went', async () => {
    const inTurn = limitConcurrency(1);
    let release = (): void => undefined;
    const first = inTurn(() => new Promise<void>((resolve) => (release = resolve)));
    const leaving = new AbortController();
    const begun: string[] = [];
    const gone = inTurn(async () => begun.push('gone'), leaving.signal);
    const next = inTurn(async () => begun.push('next'), new AbortController().signal);

    leaving.abort(new Error('too long'));
    await expect(gone).rejects.toThrow('too long');
    release();
    await Promise.all([first, next]);

    expect(begun).toEqual(['next']);
    await expect(inTurn(async () => 1, leaving.signal)).rejects.toThrow('too long');
    await expect(inTurn(async () => 2)).resolves.toBe(2);
  });

  it('never lets a newcomer past its limit while one that waited begins', async () => {
    const inTurn = limitConcurrency(1);
    let running = 0;
    const task = async (): Promise<void> => {
      running += 1;
      expect(running).toBe(1);
      await turnOfLoop();
      running -= 1;
    };

    const first = inTurn(task);
    const second = inTurn(task);
    const newcomer = first.then(() => inTurn(task));

    await Promise.all([first, second, newcomer]);
    expect(running).toBe(0);
  });
});
