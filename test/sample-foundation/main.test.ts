import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';

describe('the sample foundation as a process', () => {
  let child: ChildProcess;

  afterEach(() => {
    child.kill('SIGKILL');
  });

  /** Start it and read the line that says it is ready. */
  async function start(...flags: string[]) {
    child = spawn(process.execPath, ['lib/sample-foundation/main.ts', ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('no stdout');
    const [line] = await once(createInterface(child.stdout), 'line');
    return JSON.parse(line) as Record<
      'api' | 'uaa' | 'client_id' | 'client_secret' | 'now',
      string
    >;
  }

  it('says where it is, answers, and ends when its input is closed', async () => {
    const flags = '--seed 7 --days 2 --events-per-day 30 --exactly --now 2026-03-31T00:00:00Z';
    const ready = await start(...flags.split(' '));
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ready.client_id,
      client_secret: ready.client_secret,
    });
    const granted = await fetch(`${ready.uaa}/oauth/token`, { method: 'POST', body: form });
    const { access_token } = (await granted.json()) as { access_token: string };
    const headers = { authorization: `bearer ${access_token}` };
    const window = 'created_ats[gte]=2026-03-30T00:00:00Z&created_ats[lt]=2026-03-31T00:00:00Z';

    const listed = await fetch(`${ready.api}/v3/audit_events?${window}`, { headers });

    expect(ready.now).toBe('2026-03-31T00:00:00.000Z');
    expect(await listed.json()).toMatchObject({ pagination: { total_results: 30 } });
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends cleanly on SIGTERM', async () => {
    await start('--days', '1', '--events-per-day', '10');

    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
