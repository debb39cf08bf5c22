/**
 * `serve` under 50 clients on the loopback interface: errors, latencies, memory.
 *
 *     npm run bench:serve                                   60 days of 5,000 events, 60 seconds after as many to warm up
 *     npm run bench:serve -- --clients 10 --seconds 10
 *
 * Each client is a user of a sample foundation with a token of its UAA: most see what their roles show them, every tenth everything.
 * Prints requests, errors, p50 and p99, and the server's memory in each quarter (the median of its seconds). Ends with 1 when an answer is not 200, or the last quarter has more than five percent more memory than the first.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { daySchema } from '../lib/domain/day.ts';
import {
  ARCHIVER_CLIENT,
  startSampleFoundation,
} from '../lib/sample-foundation/sample-foundation.ts';
import { buildLongArchive, LONG_FOUNDATION } from './long-archive.ts';
import { spaceUsers, userGuid } from './space-users.ts';

const NOW = '2026-11-20T12:00:00Z';
/** What the garbage collector leaves for later differs by so much. */
const MAX_GROWTH = 1.05;
/** Given gigabytes, V8 collects late, and memory grows for minutes though nothing is kept. With little room only what is kept can grow, and a leak ends the server. */
const HEAP_MB = 256;
/** Tokens last longer than the bench. */
const TOKEN_SECONDS = 7_200;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '60' },
    days: { type: 'string', default: '60' },
    events: { type: 'string', default: '5000' },
  },
});

const work = await mkdtemp(join(tmpdir(), 'bench-serve-'));
try {
  console.log(`Building ${values.days} days of ${values.events} events …`);
  await buildLongArchive(
    {
      directory: join(work, 'archive'),
      days: Number(values.days),
      eventsPerDay: Number(values.events),
      lastDay: daySchema.parse('2026-11-19'),
    },
    () => undefined,
  );
  const clients = Number(values.clients);
  await using foundation = await startSampleFoundation({
    records: spaceUsers(clients),
    now: new Date(NOW),
    tokenLifetimeSeconds: TOKEN_SECONDS,
  });
  const tokens = await Promise.all(
    Array.from({ length: clients }, (_, user) =>
      foundation.uaa.token({ userGuid: userGuid(user) }),
    ),
  );
  const server = await startServer(foundation.apiUrl);
  try {
    process.exitCode = (await run(server.url, server.process, tokens)) ? 0 : 1;
  } finally {
    server.process.kill('SIGTERM');
    await once(server.process, 'exit');
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

async function startServer(api: string): Promise<{ url: string; process: ChildProcess }> {
  const config = join(work, 'cf-audit-archive.yml');
  await writeFile(
    config,
    `archive: file:./archive
foundations:
  - { name: ${LONG_FOUNDATION}, api: "${api}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { env: CLIENT_SECRET } }
http: { identity: uaa, questions_per_hour: 1000000 }
`,
  );
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MB}`,
      'lib/cli/main.ts',
      'serve',
      '--config',
      config,
      '--port',
      '0',
      '--now',
      NOW,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        XDG_CACHE_HOME: work,
        XDG_STATE_HOME: work,
        CLIENT_SECRET: ARCHIVER_CLIENT.secret,
      },
    },
  );
  const [line] = await once(child.stdout, 'data');
  const [url = ''] = /http:\/\/[\d.]+:\d+/.exec(String(line)) ?? [];
  return { url, process: child };
}

function headersOf(token: string): { headers: Record<string, string> } {
  return { headers: { Authorization: `bearer ${token}` } };
}

/** What a day of support asks: one app's events, pages of a long list, an event, names, our own API. */
async function questions(url: string, token: string): Promise<((turn: number) => string)[]> {
  // biome-ignore lint/suspicious/noExplicitAny: the answer of our own server
  const { resources }: any = await fetch(
    `${url}/v3/audit_events?per_page=100`,
    headersOf(token),
  ).then((answer) => answer.json());
  const of = (turn: number) => resources[turn % resources.length];
  return [
    (turn) => `/v3/audit_events?order_by=-created_at&page=1&target_guids=${of(turn).target.guid}`,
    (turn) => `/v3/audit_events?order_by=created_at&per_page=50&page=${1 + ((turn * 37) % 2_000)}`,
    (turn) => `/v3/audit_events/${of(turn).guid}`,
    (turn) =>
      `/v3/apps?names=${encodeURIComponent(of(turn).target.name)}&space_guids=${of(turn).space.guid}`,
    (turn) => `/api/v1/events?last=${1 + (turn % 30)}d&limit=20&space=${of(turn).space.guid}`,
    () => '/v3/organizations?order_by=name',
  ];
}

async function run(url: string, server: ChildProcess, tokens: readonly string[]): Promise<boolean> {
  const seconds = Number(values.seconds);
  const warmUp = Number(values['warm-up']);
  // Caches fill and code is compiled; errors count from the beginning.
  const begins = performance.now() + warmUp * 1000;
  const ends = begins + seconds * 1000;
  const took: number[] = [];
  const errors = new Map<string, number>();
  const client = async (token: string, number: number): Promise<void> => {
    const ask = await questions(url, token);
    for (let turn = number; performance.now() < ends; turn += 1) {
      const path = ask[turn % ask.length]?.(turn) ?? '/';
      const begun = performance.now();
      const outcome = await fetch(`${url}${path}`, headersOf(token)).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status === 200 ? undefined : `${answer.status}`;
        },
        (error) => String(Object(error).cause?.code ?? error),
      );
      if (begun >= begins) took.push(performance.now() - begun);
      if (outcome !== undefined) errors.set(outcome, (errors.get(outcome) ?? 0) + 1);
    }
  };
  console.log(`${values.clients} clients for ${seconds} seconds, after ${warmUp} to warm up …`);
  const memory: number[] = [];
  const watching = (async () => {
    await sleep(warmUp * 1000);
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      const samples: number[] = [];
      for (let second = 0; second < seconds / 4; second += 1) {
        await sleep(1000);
        samples.push(await megabytesOf(server));
      }
      memory.push(medianOf(samples));
    }
  })();
  await Promise.all(tokens.map(client));
  await watching;
  return report(took, errors, memory);
}

async function megabytesOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}

function medianOf(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function report(
  took: number[],
  errors: ReadonlyMap<string, number>,
  memory: readonly number[],
): boolean {
  const sorted = took.sort((a, b) => a - b);
  const at = (share: number): string =>
    `${(sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(0)} ms`;
  const wrong = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const [first = Number.NaN, , , last = Number.NaN] = memory;
  const flat = !(last > first * MAX_GROWTH);
  console.log(
    `${took.length} requests, ${wrong} errors${wrong === 0 ? '' : `: ${JSON.stringify([...errors])}`}`,
  );
  console.log(`p50 ${at(0.5)}, p99 ${at(0.99)}`);
  console.log(
    `memory of the server in each quarter: ${memory.map((size) => `${size} MB`).join(', ')}   ${flat ? 'flat' : 'GROWS'}`,
  );
  return wrong === 0 && flat;
}
