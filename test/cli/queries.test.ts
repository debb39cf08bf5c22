import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { createQueryLog } from '../../lib/query-log/log-questions.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';

const FOUNDATION = foundationNameSchema.parse('eu-1');

let directory: string;
let store: FolderObjectStore;
beforeEach(async () => {
  directory = await makeCliDirectory();
  store = new FolderObjectStore(join(directory, 'archive'));
  await store.check();
  await writeCliConfiguration(directory, 'https://api.example.org', {
    foundations: ['eu-1', 'us-1'],
    more: ['signing: { ed25519: { file: key.pem } }'],
  });
});
afterEach(() => rm(directory, { recursive: true }));

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
  askCli(directory, '2026-03-03T12:00:00Z', ['queries', '--foundation', 'eu-1', ...flags]);

describe('queries', () => {
  it('prints who asked what, rolled or not, and goes on with a cursor', async () => {
    await log('2026-03-01T10:00:00.000Z', 'ann', 'INC-1');
    await log('2026-03-01T11:00:00.000Z', 'bob');
    const { stdout: signed } = await askCli(directory, '2026-03-02T06:00:00Z', [
      ...['digest', '--foundation', 'eu-1'],
    ]);
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
    const { exitCode: verified } = await askCli(directory, '2026-03-03T06:00:00Z', [
      ...['verify', '--foundation', 'eu-1'],
    ]);
    expect(verified).toBe(0);
  });

  it('filters, and says when there is nothing', async () => {
    await log('2026-03-01T10:00:00.000Z', 'ann', 'INC-1');
    await log('2026-03-02T10:00:00.000Z', 'bob');

    expect((await asked('--ticket', 'inc-*', '--wide')).stdout).toMatch(/ann/);
    expect((await asked('--user', 'bob', '--text', 'app-2')).stdout).toBe('No questions found.\n');
    expect((await asked('--last', '1h')).stdout).toBe('No questions found.\n');
  });

  it('refuses a cursor that is not of this log', async () => {
    expect(await asked('--cursor', '--a-b')).toMatchObject({
      exitCode: 2,
      stderr: '--cursor: it is not one of this log; ask again without it\n',
    });
  });

  it('wants to know whose log', async () => {
    expect(await askCli(directory, undefined, ['queries'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--foundation is missing'),
    });
  });
});
