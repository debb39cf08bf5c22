/**
 * Archive one large day and print what it costs: requests, memory, bytes.
 *
 *     npm run bench:day                       200,000 events
 *     npm run bench:day -- --events 10000000 --run-limit 900
 *
 * With `--run-limit` (seconds) each run stops in time, as runs in Lambda do, and the next one goes on.
 * With `--database` (a file) the sample foundation is kept there, and need not be generated again the next time.
 *
 * The sample foundation runs as a process of its own; the figures are the archiving process's alone. Ends with 1 when a figure is over its bound.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Agent, type Dispatcher } from 'undici';
import { z } from 'zod';
import { archiveFoundation } from '../lib/archive/archive-foundation.ts';
import type { DayResult } from '../lib/archive/day-result.ts';
import { PAGE_SIZE } from '../lib/archive/ports.ts';
import { CloudFoundryFoundation } from '../lib/cloud-foundry/cloud-foundry-foundation.ts';
import { daySchema } from '../lib/domain/day.ts';
import { foundationNameSchema } from '../lib/domain/foundation.ts';
import { DuckDBParts } from '../lib/parquet/duckdb-parts.ts';
import { FolderObjectStore } from '../lib/store/folder-object-store.ts';
import { TOOL } from '../lib/version.ts';

const MAX_MEMORY_MB = 600;
const MAX_BYTES_PER_EVENT = 110;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    'run-limit': { type: 'string', default: 'Infinity' },
    database: { type: 'string' },
  },
});
const events = Number(values.events);
const runLimitMs = Number(values['run-limit']) * 1000;
const day = daySchema.parse('2026-11-18');
const now = new Date('2026-11-19T00:00:00Z');

const readySchema = z.object({
  api: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
});

async function startSample(): Promise<{ child: ChildProcess; ready: z.infer<typeof readySchema> }> {
  const child = spawn(
    process.execPath,
    [
      'lib/sample-foundation/main.ts',
      ...['--exactly', '--events-per-day', String(events), '--days', '1'],
      ...['--now', now.toISOString(), '--seed', '7'],
      ...['--database', values.database ?? join(work, 'sample.sqlite')],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ready: readySchema.parse(JSON.parse(String(line))) };
}

/** Counts requests for events, as they leave. */
function counting(dispatcher: Dispatcher): { dispatcher: Dispatcher; requests: () => number } {
  let requests = 0;
  return {
    requests: () => requests,
    dispatcher: dispatcher.compose((dispatch) => (options, handler) => {
      if (options.path.startsWith('/v3/audit_events') && options.path.includes('created_ats')) {
        requests += 1;
      }
      return dispatch(options, handler);
    }),
  };
}

const work = await mkdtemp(join(tmpdir(), 'large-day-'));
console.log(`Generating a foundation with ${events.toLocaleString('en-US')} events a day …`);
const { child, ready } = await startSample();
try {
  const store = new FolderObjectStore(join(work, 'archive'));
  await store.check();
  const http = counting(new Agent({ connections: 2 }));
  let runs = 0;
  let longestMs = 0;
  const begun = performance.now();
  const runOnce = async (): Promise<DayResult | undefined> => {
    runs += 1;
    const begins = performance.now();
    // A tenth is for what must still be done when the time is over.
    const remainingMs = (): number => begins + 0.9 * runLimitMs - performance.now();
    const source = new CloudFoundryFoundation({
      api: ready.api,
      clientId: ready.client_id,
      clientSecret: async () => ready.client_secret,
      concurrency: 2,
      userAgent: TOOL,
      dispatcher: http.dispatcher,
      retry: { remainingMs },
    });
    const { days } = await archiveFoundation(
      {
        source,
        store,
        parts: new DuckDBParts({ workDirectory: join(work, 'stage'), remainingMs }),
        now: () => now,
        concurrency: 2,
        tool: TOOL,
      },
      {
        foundation: foundationNameSchema.parse('bench'),
        policy: { retentionDays: 31, settleMs: 0 },
        day,
      },
    );
    longestMs = Math.max(longestMs, performance.now() - begins);
    return days[0];
  };
  let result = await runOnce();
  while (result?.kind === 'postponed') {
    console.log(
      `run ${runs} stopped in time after ${http.requests()} requests, peak memory ${peakMemoryMb().toFixed(0)} MB`,
    );
    result = await runOnce();
  }
  if (result?.kind !== 'archived') {
    const why = result?.kind === 'failed' ? `${result.code} ${result.message}` : result?.kind;
    throw new Error(`the day was not archived: ${why}`);
  }
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${result.added.toLocaleString('en-US')} events stored in ${seconds.toFixed(1)} s and ${runs} ${runs === 1 ? 'run' : 'runs'}`,
  );
  report(result.added, result.bytes, http.requests(), runs, longestMs);
} finally {
  child.kill();
  await rm(work, { recursive: true, force: true });
}

function peakMemoryMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function report(
  stored: number,
  bytes: number,
  requests: number,
  runs: number,
  longestMs: number,
): void {
  // A run that goes on counts the day first, and reads what was on its way again.
  const maxRequests = Math.floor(1.05 * Math.ceil(stored / PAGE_SIZE) + 2 + (runs - 1) * 4);
  const memory = peakMemoryMb();
  const perEvent = bytes / stored;
  const line = (what: string, value: string, bound: string, ok: boolean): boolean => {
    console.log(
      `${what.padEnd(28)}${value.padStart(12)}   at most ${bound}   ${ok ? 'ok' : 'OVER'}`,
    );
    return ok;
  };
  const ok = [
    line('requests for its events', String(requests), String(maxRequests), requests <= maxRequests),
    line('peak memory, MB', memory.toFixed(0), String(MAX_MEMORY_MB), memory <= MAX_MEMORY_MB),
    line(
      'bytes per event',
      perEvent.toFixed(1),
      String(MAX_BYTES_PER_EVENT),
      perEvent <= MAX_BYTES_PER_EVENT,
    ),
    runLimitMs === Number.POSITIVE_INFINITY ||
      line(
        'longest run, s',
        (longestMs / 1000).toFixed(0),
        (runLimitMs / 1000).toFixed(0),
        longestMs <= runLimitMs,
      ),
  ].every(Boolean);
  process.exitCode = ok ? 0 : 1;
}
