import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { aTerminal } from '../support/captured-terminal.ts';
import { type ServeProcess, startServe } from '../support/serve-process.ts';
import { runCommands, tourSteps } from '../support/tour.ts';

const TOUR = readFileSync(join(import.meta.dirname, '../../docs/http-api.md'), 'utf8');

/** The address in the document. */
const WRITTEN = 'http://127.0.0.1:8080';

const STEPS = tourSteps(TOUR);

describe('docs/http-api.md', () => {
  let directory: string;
  let server: ServeProcess;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'http-tour-'));
    const exitCode = await run(['demo', '--directory', directory], aTerminal());
    expect(exitCode).toBe(0);
    const config = ['--config', join(directory, 'cf-audit-archive.yml')];
    server = await startServe([...config, '--port', '0', '--now', '2026-11-20T09:00:00Z']);
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('has commands', () => {
    expect(STEPS.length).toBeGreaterThan(10);
    expect(STEPS.filter(({ printed }) => printed !== undefined).length).toBe(STEPS.length);
  });

  it.each(STEPS)('does what it says: $commands', async ({ commands, printed }) => {
    const own = (text: string): string => text.replaceAll(WRITTEN, server.url ?? '');
    const { stdout, stderr } = await runCommands(own(commands), directory);

    expect(stderr).toBe('');
    if (printed !== undefined) expect(stdout).toBe(own(printed).trimEnd());
    else expect(stdout).not.toMatch(/"errors"|^null$/m);
  });
});
