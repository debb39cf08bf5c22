/**
 * Memory and time of `verify` over years of days, as figures:
 *
 *   node test/digest/long-chain.ts DAYS [RUNS_A_DAY]
 *
 * Builds an archive of so many days in a temporary folder, with a digest and runs for each, verifies it in a process of its own, and prints what that took.
 * The parts of all days are one small file, so what is measured is the walk and not the reading of rows.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trustKeys } from '../../lib/digest/check-signature.ts';
import { verifyArchive } from '../../lib/digest/verify-archive.ts';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../../lib/domain/day.ts';
import {
  DIGEST_FORMAT,
  type Digest,
  type DigestDay,
  digestBytes,
  type NamedObject,
  sha256Hex,
} from '../../lib/domain/digest.ts';
import { coverageAfter } from '../../lib/domain/digest-coverage.ts';
import { compactJws, signingInput } from '../../lib/domain/digest-signature.ts';
import { type Manifest, manifestSchema } from '../../lib/domain/manifest.ts';
import {
  digestKey,
  digestSignatureKey,
  manifestKey,
  partKey,
  runReportKey,
} from '../../lib/domain/object-keys.ts';
import { type RunReport, runReportSchema } from '../../lib/domain/run-report.ts';
import { DuckDBParts } from '../../lib/parquet/duckdb-parts.ts';
import { Ed25519FileSigner } from '../../lib/signing/ed25519-file-signer.ts';
import { readPublicKeyFile } from '../../lib/signing/public-key-file.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { ArchiveRig, aDay, FOUNDATION } from './support/archive-rig.ts';

const FIRST = aDay('2020-01-01');
const RETENTION_DAYS = 31;

async function measure(days: number, runsADay: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'long-chain-'));
  try {
    const begun = performance.now();
    await build(folder, days, runsADay);
    process.stdout.write(`built ${days} days in ${Math.round(performance.now() - begun)} ms\n`);
    const script = import.meta.filename;
    process.stdout.write(
      execFileSync(process.execPath, ['--max-old-space-size=64', script, 'verify', folder]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function verify(folder: string): Promise<void> {
  const begun = performance.now();
  const { findings, foundations } = await verifyArchive({
    store: new FolderObjectStore(join(folder, 'archive')),
    parts: new DuckDBParts({ workDirectory: join(folder, 'work'), memoryLimit: '64MB' }),
    questionDays: { read: async () => [] },
    keys: trustKeys(await readPublicKeyFile(join(folder, 'key.pem.pub.pem'))),
    workDirectory: join(folder, 'work'),
  });
  const [verified] = foundations;
  process.stdout.write(
    `${JSON.stringify({
      findings: findings.length,
      digests: verified?.digests,
      objects: verified?.objects,
      bytes: verified?.bytes,
      ms: Math.round(performance.now() - begun),
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    })}\n`,
  );
}

/** Written directly: the product would look at the whole archive before each of thousands of digests. */
async function build(folder: string, days: number, runsADay: number): Promise<void> {
  const write = (key: string, bytes: Uint8Array): NamedObject => {
    const path = join(folder, 'archive', key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return { key, sha256: sha256Hex(bytes) };
  };
  const signer = await Ed25519FileSigner.open(join(folder, 'key.pem'));
  const sample = await sampleDocuments();
  let table: readonly DigestDay[] = [];
  let previous: NamedObject | null = null;
  for (let index = 0; index < days; index += 1) {
    const day = dayAfter(FIRST, index);
    const today = dayAfter(day, 1);
    const manifest: Manifest = {
      ...sample.manifest,
      dt: day,
      window: { from: `${day}T00:00:00.000Z`, to: `${today}T00:00:00.000Z` },
      misplaced: day === FIRST ? 0 : sample.manifest.events,
      part: sample.manifest.part && { ...sample.manifest.part, key: partKey(FOUNDATION, day, 0) },
      started_at: `${today}T05:00:00.000Z`,
      finished_at: `${today}T05:00:00.000Z`,
    };
    write(partKey(FOUNDATION, day, 0), sample.part);
    const objects = [write(manifestKey(FOUNDATION, day, 0), json(manifest))];
    const looked = daysFrom(dayAfter(FIRST, Math.max(0, index - RETENTION_DAYS)), today);
    const runs: RunReport[] = [];
    for (let run = 0; run < runsADay; run += 1) {
      const instant = new Date(startOf(today).getTime() + 5 * 3_600_000 + run * 60_000);
      const report: RunReport = {
        ...sample.run,
        started_at: instant.toISOString(),
        finished_at: instant.toISOString(),
        days: looked.map((dt) => ({
          ...(sample.run.days[0] as RunReport['days'][number]),
          dt,
          counted_at: instant.toISOString(),
        })),
      };
      runs.push(report);
      objects.push(write(runReportKey(FOUNDATION, instant, '0a'), json(report)));
    }
    table = coverageAfter(table, [manifest], runs);
    const signedAt = `${today}T06:00:00.000Z`;
    const digest: Digest = {
      format: DIGEST_FORMAT,
      foundation: FOUNDATION,
      day: today,
      tool: manifest.tool,
      signed_at: signedAt,
      previous,
      objects,
      days: [...table],
    };
    const named = write(digestKey(FOUNDATION, today), digestBytes(digest));
    const input = signingInput(signer.kid, {
      foundation: FOUNDATION,
      day: today,
      ...named,
      previous: digest.previous?.sha256 ?? null,
      signed_at: signedAt,
    });
    write(digestSignatureKey(FOUNDATION, today), compactJws(input, await signer.sign(input)));
    previous = named;
  }
}

const json = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));

const dayAfter = (day: Day, days: number): Day =>
  dayOf(new Date(startOf(day).getTime() + days * DAY_MS));

/** A part with its manifest and a run report, as one day has them. */
async function sampleDocuments() {
  const rig = await ArchiveRig.open();
  try {
    await rig.at(`${dayAfter(FIRST, 1)}T05:00:00Z`).revision(FIRST, ['a1', 'a2']);
    const run = await rig.run([{ dt: FIRST }]);
    return {
      part: rig.store.bytes(partKey(FOUNDATION, FIRST, 0)),
      manifest: manifestSchema.parse(JSON.parse(rig.store.text(manifestKey(FOUNDATION, FIRST, 0)))),
      run: runReportSchema.parse(JSON.parse(rig.store.text(run))),
    };
  } finally {
    await rig.close();
  }
}

const [mode = '60', second = '4'] = process.argv.slice(2);
if (mode === 'verify') await verify(second);
else await measure(Number(mode), Number(second));
