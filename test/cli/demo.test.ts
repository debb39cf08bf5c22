import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { aTerminal } from '../support/captured-terminal.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-demo-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function demo() {
  const terminal = aTerminal();
  const exitCode = await run(['demo', '--directory', directory], terminal);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

/** All but the records of runs. */
const objects = async (): Promise<string[]> =>
  (await readdir(join(directory, 'archive'), { recursive: true }))
    .filter((name) => !name.startsWith('runs'))
    .sort();

describe('demo', () => {
  it('archives the sample foundation and answers two questions', async () => {
    const { exitCode, stdout, stderr } = await demo();

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^day +events +parts +bytes +status$/m);
    expect(stdout).toMatch(/^2026-10-19 .* partial$/m);
    expect(stdout.match(/^2026-1\d-\d\d .* closed$/gm)).toHaveLength(31);
    expect(stdout).toMatch(
      /^2026-11-06T\S+ +audit\.app\.delete-request +dana\.whitfield@example\.org +checkout +payments +shop$/m,
    );
    expect(stdout).toContain('What happened in space payments last month?');
    expect(stdout).toContain('18 of 31 days are from before the archive began');
  });

  it('writes nothing new the second time, and says so', async () => {
    const before = await objects();

    const { exitCode, stdout } = await demo();

    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing was written');
    expect(await objects()).toEqual(before);
  });

  it('never overwrites a configuration of someone else', async () => {
    const foreign = await mkdtemp(join(tmpdir(), 'cli-demo-'));
    const file = join(foreign, 'cf-audit-archive.yml');
    await writeFile(file, 'archive: file:./mine\n');
    const terminal = aTerminal();

    const exitCode = await run(['demo', '--directory', foreign], terminal);

    expect(exitCode).toBe(2);
    expect(terminal.stderr()).toContain('choose another folder with --directory');
    expect(await readFile(file, 'utf8')).toBe('archive: file:./mine\n');
    await rm(foreign, { recursive: true });
  });
});
