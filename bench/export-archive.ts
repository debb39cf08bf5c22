/**
 * Write every event of an archive into a file, by `events --file`, and print what it costs: time, bytes, peak memory of the whole call, and by which factor the peak grows when there are four times as many events.
 *
 *     npm run bench:export-archive                       25 and 100 days of 100,000 events
 *     npm run bench:export-archive -- --directory DIR    keeps the archive there, and builds only what is missing
 *     npm run bench:export-archive -- --days 10,40 --formats csv
 *
 * Ends with 1 when a peak is over its bound or grows, or when events are missing.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { run } from '../lib/cli/program.ts';
import { countText } from '../lib/cli/words.ts';
import { DAY_MS, dayOf, daySchema, startOf } from '../lib/domain/day.ts';
import { plusMs } from '../lib/domain/instant.ts';
import { EXPORT_FORMATS } from '../lib/report/export-source.ts';
import { compareExports, exportCostSchema } from './compare-exports.ts';
import { buildLongArchive, writeLongConfiguration } from './long-archive.ts';

/** The database may take 512 MB, the process some more. */
const BOUNDS = { memoryMb: 800, growth: 1.25 };
const LAST_DAY = daySchema.parse('2026-11-19');
const NOW = '2026-11-20T12:00:00Z';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    directory: { type: 'string' },
    days: { type: 'string', default: '25,100' },
    events: { type: 'string', default: '100000' },
    formats: { type: 'string', default: EXPORT_FORMATS.join(',') },
    /** Of the processes that do the work: the command line follows. */
    child: { type: 'boolean', default: false },
  },
});

/** What the command line tells, and its peak. */
const callSchema = exportCostSchema.omit({ bytes: true }).extend({ told: z.string() });

async function call(args: readonly string[]): Promise<void> {
  const begun = performance.now();
  let told = '';
  const status = await run(args, {
    out: () => undefined,
    err: (text) => {
      told += text;
    },
    interactive: false,
    width: 100,
  });
  if (status !== 0) throw new Error(told);
  const result: z.infer<typeof callSchema> = {
    told,
    seconds: (performance.now() - begun) / 1000,
    memoryMb: process.resourceUsage().maxRSS / 1000,
  };
  console.log(JSON.stringify(result));
}

async function compare(work: string): Promise<boolean> {
  const config = await writeLongConfiguration(work);
  const sizes = values.days.split(',').map(Number);
  const eventsPerDay = Number(values.events);
  const days = Math.max(...sizes);
  console.log(`Building ${days} days of ${countText(eventsPerDay)} events in ${work} …`);
  await buildLongArchive(
    { directory: join(work, 'archive'), days, eventsPerDay, lastDay: LAST_DAY },
    (done) => done % 25 === 0 && console.log(`${done} days`),
  );
  return compareExports(
    values.formats,
    sizes.map((size) => size * eventsPerDay),
    BOUNDS,
    async (format, count) => {
      const file = join(work, `events.${format}`);
      const from = dayOf(plusMs(startOf(LAST_DAY), (1 - count / eventsPerDay) * DAY_MS));
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...[import.meta.filename, '--child', '--', 'events', '--from', from, '--file', file],
        ...['--output', format, '--config', config, '--now', NOW],
      ]);
      const { told, ...cost } = callSchema.parse(JSON.parse(stdout));
      if (!told.includes(countText(count))) throw new Error(told);
      const { size: bytes } = await stat(file);
      await rm(file);
      return { ...cost, bytes };
    },
  );
}

if (values.child) {
  await call(positionals);
} else {
  const work = values.directory ?? (await mkdtemp(join(tmpdir(), 'bench-export-archive-')));
  // What is kept of this archive goes with it.
  process.env.XDG_CACHE_HOME = join(work, 'cache');
  try {
    process.exitCode = (await compare(work)) ? 0 : 1;
  } finally {
    if (values.directory === undefined) await rm(work, { recursive: true, force: true });
  }
}
