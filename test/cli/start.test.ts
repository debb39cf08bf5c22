import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Writes the address of every module that is loaded to the standard error. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (writeSync(2, url + '\\n'), next(url, context)) });
`)}`;

async function modulesOf(...args: readonly string[]): Promise<string> {
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', TELL, 'lib/cli/main.ts', ...args],
    { maxBuffer: 1e7 },
  );
  return stderr;
}

describe('the start of a command', () => {
  it('loads nothing that only other commands, stores and engines need', async () => {
    const loaded = await modulesOf('events', '--help');

    expect(loaded).toContain('lib/cli/events-command.ts');
    expect(loaded).not.toMatch(/@aws-sdk|undici|jose|sample-foundation|lib\/archive\//);
  });

  it('loads every command for the help of all of them', async () => {
    const loaded = await modulesOf('--help');

    expect(loaded).toContain('lib/cli/archive-command.ts');
    expect(loaded).toContain('lib/cli/demo-command.ts');
  });
});
