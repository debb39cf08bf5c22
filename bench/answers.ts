/**
 * How fast an archive of 400 days with 10,000 events each answers.
 *
 *     npm run bench:answers                       builds it in a temporary folder, asks, and removes it
 *     npm run bench:answers -- --directory DIR    keeps it there, and builds only what is missing
 *
 * Prints the median of the answers inside the process after open, and the time of a whole call of the command line. Ends with 1 when one is over its bound.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { withSearch } from '../lib/cli/open-search.ts';
import { queryFrom } from '../lib/cli/query-options.ts';
import { readConfiguration } from '../lib/config/read-configuration.ts';
import { daySchema } from '../lib/domain/day.ts';
import { searchEvents } from '../lib/query/search-events.ts';
import { openObjectStore } from '../lib/store/open-object-store.ts';
import { appGuid } from './day-rows.ts';
import { buildLongArchive, writeLongConfiguration } from './long-archive.ts';

const MAX_MEDIAN_MS = 100;
const MAX_CALL_MS = 1_000;
const ANSWERS = 15;
const CALLS = 5;
/** One of the apps; each has about five events a day. */
const APP = 1234;
const NOW = '2026-11-20T12:00:00Z';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    days: { type: 'string', default: '400' },
    events: { type: 'string', default: '10000' },
  },
});

const work = values.directory ?? (await mkdtemp(join(tmpdir(), 'bench-answers-')));
const config = await writeLongConfiguration(work);
// What is kept of this archive goes with it.
process.env.XDG_CACHE_HOME = join(work, 'cache');
try {
  console.log(`Building ${values.days} days of ${values.events} events in ${work} …`);
  await buildLongArchive(
    {
      directory: join(work, 'archive'),
      days: Number(values.days),
      eventsPerDay: Number(values.events),
      lastDay: daySchema.parse('2026-11-19'),
    },
    (done) => done % 100 === 0 && console.log(`${done} days`),
  );
  // As an archive in use has it: what each day holds is told by the newest digest.
  await call(['digest']);
  const app = appGuid(APP);
  const event = await anEventGuid(app);
  const ok = [
    await measure('events of one app, 400 days', { target: [app], from: '2025-10-01' }),
    await measure('newest events of one app', { target: [app] }),
    await measure('one event by its GUID, no date', { guid: [event] }),
  ];
  process.exitCode = ok.every(Boolean) ? 0 : 1;
} finally {
  if (values.directory === undefined) await rm(work, { recursive: true, force: true });
}

async function anEventGuid(app: string): Promise<string> {
  const { events } = await ask({ target: [app], order: 'oldest' }, 1);
  return events[0]?.guid ?? '';
}

type Flags = Parameters<typeof queryFrom>[2];

async function ask(flags: Flags, times: number) {
  const configuration = await readConfiguration(config);
  const store = await openObjectStore(configuration.archiveUrl, {});
  const now = new Date(NOW);
  return withSearch(configuration, store, now, async (context) => {
    const query = await queryFrom(configuration, context, flags, now);
    const first = await searchEvents(context, query);
    const took: number[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      const begun = performance.now();
      await searchEvents(context, query);
      took.push(performance.now() - begun);
    }
    return { events: first.events, took };
  });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

async function measure(what: string, flags: Flags): Promise<boolean> {
  const { events, took } = await ask(flags, ANSWERS);
  const calls: number[] = [];
  for (let turn = 0; turn < CALLS; turn += 1) calls.push(await callMs(flags));
  const [inside, whole] = [median(took), median(calls)];
  const ok = inside < MAX_MEDIAN_MS && whole < MAX_CALL_MS && events.length > 0;
  console.log(
    `${what.padEnd(32)}${String(events.length).padStart(5)} events   p50 ${inside.toFixed(0).padStart(5)} ms (under ${MAX_MEDIAN_MS})   whole call ${whole.toFixed(0).padStart(5)} ms (under ${MAX_CALL_MS})   ${ok ? 'ok' : 'OVER'}`,
  );
  return ok;
}

async function callMs(flags: Flags): Promise<number> {
  const options = Object.entries(flags).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [`--${name}`, String(each)]),
  );
  const begun = performance.now();
  await call(['events', '--json', ...options]);
  return performance.now() - begun;
}

/** A whole call of the command line. */
async function call(args: readonly string[]): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    ['lib/cli/main.ts', ...args, '--config', config, '--now', NOW],
    { maxBuffer: 1e8 },
  );
}
