import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stagesDirectory, withWorkDirectory } from '../../lib/runs/work-directory.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'work-directory-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('stagesDirectory', () => {
  it("is the user's alone, and another one for each archive", async () => {
    const one = await stagesDirectory('file:/one', parent);
    const two = await stagesDirectory('file:/two', parent);

    expect(one).not.toBe(two);
    expect((await stat(dirname(one))).mode & 0o777).toBe(0o700);
  });

  it('is refused where somebody else could have put a stage', async () => {
    const { uid } = await stat(parent);
    await mkdir(join(parent, `cf-audit-archive-stages-${uid}`));
    await chmod(join(parent, `cf-audit-archive-stages-${uid}`), 0o777);

    await expect(stagesDirectory('file:/one', parent)).rejects.toMatchObject({
      code: 'WORK_FAILED',
      message: expect.stringContaining("is not this user's alone"),
    });
  });
});

describe('withWorkDirectory', () => {
  it('is gone afterwards, and sweeps what killed processes left', async () => {
    await mkdir(join(parent, 'cf-audit-archive-999999999-dead'));

    const during = await withWorkDirectory(() => readdir(parent), parent);

    expect(during).toEqual([expect.stringContaining(`cf-audit-archive-${process.pid}-`)]);
    expect(await readdir(parent)).toEqual([]);
  });

  it('says what to do where TMPDIR does not exist', async () => {
    const none = join(parent, 'none');

    await expect(withWorkDirectory(async () => undefined, none)).rejects.toMatchObject({
      code: 'WORK_FAILED',
      message: expect.stringMatching(
        /none cannot be used \(ENOENT\); make it writable, or point TMPDIR/,
      ),
    });
  });
});
