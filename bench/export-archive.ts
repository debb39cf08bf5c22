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
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { run } from '../lib/cli/program.ts';
import { bytesText, countText } from '../lib/cli/words.ts';
import { DAY_MS, dayOf, daySchema, startOf } from '../lib/domain/day.ts';
import { EXPORT_FORMATS } from '../lib/report/export-source.ts';
import { buildLongArchive, LONG_FOUNDATION } from './long-archive.ts';

/** The database may take 512 MB, the process some more. */
const MAX_MEMORY_MB = 800;
const MAX_GROWTH = 1.25;
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

const resultSchema = z.object({ told: z.string(), seconds: z.number(), memoryMb: z.number() });

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
  const result: z.infer<typeof resultSchema> = {
    told,
    seconds: (performance.now() - begun) / 1000,
    memoryMb: process.resourceUsage().maxRSS / 1000,
  };
  console.log(JSON.stringify(result));
}

async function compare(work: string): Promise<boolean> {
  const config = join(work, 'cf-audit-archive.yml');
  await mkdir(work, { recursive: true });
  await writeFile(
    config,
    `archive: file:./archive\nfoundations:\n  - { name: ${LONG_FOUNDATION}, api: "https://api.example.org", client_id: c, client_secret: { env: NONE } }\nsigning: { ed25519: { file: ./archive-signing-key.pem } }\n`,
  );
  const sizes = values.days.split(',').map(Number);
  const eventsPerDay = Number(values.events);
  const days = Math.max(...sizes);
  console.log(`Building ${days} days of ${countText(eventsPerDay)} events in ${work} …`);
  await buildLongArchive(
    { directory: join(work, 'archive'), days, eventsPerDay, lastDay: LAST_DAY },
    (done) => done % 25 === 0 && console.log(`${done} days`),
  );
  let good = true;
  for (const format of z.array(z.enum(EXPORT_FORMATS)).parse(values.formats.split(','))) {
    const peaks: number[] = [];
    for (const size of sizes) {
      const file = join(work, `events.${format}`);
      const from = dayOf(new Date(startOf(LAST_DAY).getTime() - (size - 1) * DAY_MS));
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...[import.meta.filename, '--child', '--', 'events', '--from', from, '--file', file],
        ...['--output', format, '--config', config, '--now', NOW],
      ]);
      const { told, seconds, memoryMb } = resultSchema.parse(JSON.parse(stdout));
      const { size: bytes } = await stat(file);
      await rm(file);
      const count = size * eventsPerDay;
      const isWhole = told.includes(countText(count));
      peaks.push(memoryMb);
      good &&= memoryMb <= MAX_MEMORY_MB && isWhole;
      console.log(
        `${format.padEnd(8)} ${countText(count).padStart(12)} events ${isWhole ? '' : 'MISSING '}${seconds.toFixed(1).padStart(7)} s  ${bytesText(bytes).padStart(8)}  peak memory ${memoryMb.toFixed(0).padStart(4)} MB (bound ${MAX_MEMORY_MB})`,
      );
    }
    const growth = (peaks.at(-1) ?? 0) / (peaks[0] ?? 1);
    good &&= growth <= MAX_GROWTH;
    console.log(
      `${format.padEnd(8)} peak grows by the factor ${growth.toFixed(2)} (bound ${MAX_GROWTH})`,
    );
  }
  return good;
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
