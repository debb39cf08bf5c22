import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'closed-pipe-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('finishes its work although nobody listens any more', async () => {
  const child = spawn(process.execPath, ['lib/cli/main.ts', 'demo', '--directory', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stderr.destroy();

  const [exitCode] = await once(child, 'exit');

  expect(exitCode).toBe(0);
  expect(await readdir(join(directory, 'archive/digests/v1/foundation=sample'))).toHaveLength(2);
});
