import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { aTerminal } from '../support/captured-terminal.ts';

const FOUNDATION = foundationNameSchema.parse('eu-1');

let directory: string;
let store: FolderObjectStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-queries-'));
  store = new FolderObjectStore(join(directory, 'archive'));
  await store.check();
  await writeFile(
    join(directory, 'c.yml'),
    `archive: file:./archive
foundations:
  - { name: eu-1, api: "https://api.example.org", client_id: x, client_secret: { env: X } }
  - { name: us-1, api: "https://api.example.com", client_id: x, client_secret: { env: X } }
signing: { ed25519: { file: key.pem } }
`,
  );
});
afterEach(() => rm(directory, { recursive: true }));

async function cli(command: string, ...flags: string[]) {
  const terminal = aTerminal();
  const config = ['--config', join(directory, 'c.yml')];
  const exitCode = await run([command, ...config, ...flags], terminal);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

const log = (instant: string, userName: string, purpose?: string): Promise<void> =>
  createQueryLog({ store, seesAll: () => false, now: () => new Date(instant), tool: 'test/1' })({
    at: new Date(instant),
    caller: { userGuid: `${userName}-guid`, userName, clientId: 'cf', scopes: [], token: 't' },
    address: '192.0.2.7',
    foundations: [FOUNDATION],
    path: '/v3/audit_events',
    parameters: [['target_guids', 'app-1']],
    purpose,
    rows: 3,
    scannedBytes: 4096,
    coverage: undefined,
    status: 200,
    outcome: 'answered',
  });

const asked = (...flags: string[]) =>
  cli('queries', '--foundation', 'eu-1', '--now', '2026-03-03T12:00:00Z', ...flags);

describe('queries', () => {
  it('prints who asked what, rolled or not, and goes on with a cursor', async () => {
    await log('2026-03-01T10:00:00.000Z', 'ann', 'INC-1');
    await log('2026-03-01T11:00:00.000Z', 'bob');
    const { stdout: signed } = await cli(
      'digest',
      '--foundation',
      'eu-1',
      '--now',
      '2026-03-02T06:00:00Z',
    );
    await log('2026-03-03T10:00:00.000Z', 'ann');

    const { stdout, exitCode } = await asked('--wide');
    const first = JSON.parse((await asked('--json', '--limit', '2')).stdout);
    const second = JSON.parse((await asked('--json', '--cursor', first.next_cursor)).stdout);

    expect(signed).toMatch(
      /^eu-1 2026-03-01 query log rolled, 2 questions\n.*signed 3 new objects/,
    );
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(
        /^2026-03-03T10:00:00Z +ann +192\.0\.2\.7 +\/v3\/audit_events\?target_guids=app-1 .* 3$/,
      ),
      expect.stringMatching(/^2026-03-01T11:00:00Z +bob /),
      expect.stringMatching(/^2026-03-01T10:00:00Z +ann .* INC-1 +answered +3$/),
    ]);
    expect(first.questions.map(({ user }: { user: { name: string } }) => user.name)).toEqual([
      'ann',
      'bob',
    ]);
    expect(second).toMatchObject({
      questions: [{ purpose: 'INC-1', format: 'cf-audit-archive/question/v1' }],
      next_cursor: null,
    });
    const { exitCode: verified } = await cli(
      'verify',
      '--now',
      '2026-03-03T06:00:00Z',
      '--foundation',
      'eu-1',
    );
    expect(verified).toBe(0);
  });

  it('filters, and says when there is nothing', async () => {
    await log('2026-03-01T10:00:00.000Z', 'ann', 'INC-1');
    await log('2026-03-02T10:00:00.000Z', 'bob');

    expect((await asked('--ticket', 'inc-*', '--wide')).stdout).toMatch(/ann/);
    expect((await asked('--user', 'bob', '--text', 'app-2')).stdout).toBe('No questions found.\n');
    expect((await asked('--last', '1h')).stdout).toBe('No questions found.\n');
  });

  it('wants to know whose log', async () => {
    expect(await cli('queries')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--foundation'),
    });
  });
});
