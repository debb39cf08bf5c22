/**
 * Memory and time of `verify` over few days and over many, each in a process of its own that gets little of it.
 *
 *     npm run bench:verify                        100 and 2,600 days, four runs a day
 *     npm run bench:verify -- --days 30,365 --runs 24
 *
 * Ends with 1 when a peak is over its bound or grows, or when a sound archive has findings.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { bytesText, countText } from '../lib/cli/words.ts';
import { trustKeys } from '../lib/digest/check-signature.ts';
import { verifyArchive } from '../lib/digest/verify-archive.ts';
import { DuckDBParts } from '../lib/parquet/duckdb-parts.ts';
import { readPublicKeyFile } from '../lib/signing/public-key-file.ts';
import { FolderObjectStore } from '../lib/store/folder-object-store.ts';
import { buildLongChain } from './long-chain.ts';

const MAX_MEMORY_MB = 400;
/** For 26 times as many days. */
const MAX_GROWTH = 2;

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '100,2600' },
    runs: { type: 'string', default: '4' },
    /** Of the processes that do the work: the folder. */
    child: { type: 'string' },
  },
});

const resultSchema = z.object({
  findings: z.number(),
  objects: z.number(),
  bytes: z.number(),
  seconds: z.number(),
  memoryMb: z.number(),
});
type Result = z.infer<typeof resultSchema>;

async function verifyOnce(folder: string): Promise<Result> {
  const begun = performance.now();
  const workDirectory = join(folder, 'work');
  const { findings, foundations } = await verifyArchive({
    store: new FolderObjectStore(join(folder, 'archive')),
    parts: new DuckDBParts({ workDirectory, memoryLimit: '64MB' }),
    questionDays: { read: async () => [] },
    keys: trustKeys(await readPublicKeyFile(join(folder, 'key.pem.pub.pem'))),
    workDirectory,
  });
  return {
    findings: findings.length,
    objects: foundations[0]?.objects ?? 0,
    bytes: foundations[0]?.bytes ?? 0,
    seconds: (performance.now() - begun) / 1000,
    memoryMb: process.resourceUsage().maxRSS / 1000,
  };
}

async function measure(days: number, runsADay: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-verify-'));
  try {
    await buildLongChain(folder, days, runsADay);
    const script = import.meta.filename;
    const flags = ['--max-old-space-size=64', script, '--child', folder];
    return resultSchema.parse(JSON.parse(execFileSync(process.execPath, flags, ENCODING)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ENCODING = { encoding: 'utf8' } as const;

async function compare(): Promise<boolean> {
  const peaks: number[] = [];
  let good = true;
  for (const days of values.days.split(',').map(Number)) {
    const { findings, objects, bytes, seconds, memoryMb } = await measure(
      days,
      Number(values.runs),
    );
    peaks.push(memoryMb);
    good &&= findings === 0 && memoryMb <= MAX_MEMORY_MB;
    console.log(
      `${countText(days).padStart(6)} days  ${countText(objects).padStart(7)} objects  ${bytesText(bytes).padStart(8)}  ${seconds.toFixed(1).padStart(6)} s  ${findings} findings  peak memory ${memoryMb.toFixed(0).padStart(4)} MB (bound ${MAX_MEMORY_MB})`,
    );
  }
  const growth = (peaks.at(-1) ?? 0) / (peaks[0] ?? 1);
  console.log(`peak grows by the factor ${growth.toFixed(2)} (bound ${MAX_GROWTH})`);
  return good && growth <= MAX_GROWTH;
}

if (values.child === undefined) process.exitCode = (await compare()) ? 0 : 1;
else console.log(JSON.stringify(await verifyOnce(values.child)));
