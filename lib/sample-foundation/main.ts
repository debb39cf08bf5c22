import { existsSync, fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FoundationRecords } from './records.ts';
import { ARCHIVER_CLIENT, startSampleFoundation } from './sample-foundation.ts';

/**
 * The sample foundation as a process of its own:
 *
 *     npm exec -- node lib/sample-foundation/main.ts --seed 7 --days 31 --events-per-day 20000 --now 2026-11-20T12:00:00Z
 *
 * It prints one line of JSON when it is ready (`api`, `uaa`, `client_id`, `client_secret`, `now`) and ends on SIGTERM, SIGINT, or
 * when the pipe it reads is closed, so that it never outlives a bench that started it.
 * `--exactly` makes every whole day as long as `--events-per-day` says. A `--database` that is already there is served as it is; nothing is generated then.
 */
const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '31' },
    'events-per-day': { type: 'string', default: '2000' },
    exactly: { type: 'boolean', default: false },
    now: { type: 'string', default: new Date().toISOString() },
    port: { type: 'string', default: '0' },
    precision: { type: 'string', default: 'microseconds' },
    'retention-days': { type: 'string', default: '31' },
    database: { type: 'string', default: ':memory:' },
  },
});

const now = new Date(flags.now);
if (Number.isNaN(now.getTime())) throw new RangeError(`--now is no instant: ${flags.now}`);

const foundation = await startSampleFoundation({
  ...(existsSync(flags.database) ? {} : { records: await generate() }),
  now,
  port: numberOf('port'),
  precision: precisionOf(flags.precision),
  retentionDays: numberOf('retention-days'),
  databaseFile: flags.database,
});
foundation.database.insertClients([ARCHIVER_CLIENT]);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
if (stdinIsPipe()) process.stdin.once('end', end).resume();

const ready = {
  api: foundation.apiUrl,
  uaa: foundation.uaaUrl,
  client_id: ARCHIVER_CLIENT.id,
  client_secret: ARCHIVER_CLIENT.secret,
  now: now.toISOString(),
};
process.stdout.write(`${JSON.stringify(ready)}\n`);

async function generate(): Promise<FoundationRecords> {
  const { generateFoundation } = await import('./generator/generate-foundation.ts');
  return generateFoundation({
    seed: numberOf('seed'),
    from: new Date(now.getTime() - numberOf('days') * 86_400_000),
    to: now,
    eventsPerDay: numberOf('events-per-day'),
    exactly: flags.exactly,
  });
}

function numberOf(flag: 'seed' | 'days' | 'events-per-day' | 'port' | 'retention-days'): number {
  const value = Number(flags[flag]);
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`--${flag} is no number: ${flags[flag]}`);
  }
  return value;
}

function precisionOf(text: string): 'microseconds' | 'whole-seconds' {
  if (text === 'microseconds' || text === 'whole-seconds') return text;
  throw new RangeError('--precision is microseconds or whole-seconds.');
}

/** A terminal, a file or nothing at all says nothing about who started us. */
function stdinIsPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}

function end(): void {
  foundation.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
