import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DAY_MS, type Day, dayOf, daysFrom, startOf } from '../lib/domain/day.ts';
import {
  DIGEST_FORMAT,
  type Digest,
  type DigestDay,
  digestBytes,
  type NamedObject,
  sha256Hex,
} from '../lib/domain/digest.ts';
import { coverageAfter } from '../lib/domain/digest-coverage.ts';
import { compactJws, signingInput } from '../lib/domain/digest-signature.ts';
import { type Manifest, manifestSchema } from '../lib/domain/manifest.ts';
import {
  digestKey,
  digestSignatureKey,
  manifestKey,
  partKey,
  runReportKey,
} from '../lib/domain/object-keys.ts';
import { type RunReport, runReportSchema } from '../lib/domain/run-report.ts';
import { Ed25519FileSigner } from '../lib/signing/ed25519-file-signer.ts';
import { ArchiveRig, aDay, FOUNDATION } from '../test/digest/support/archive-rig.ts';

const FIRST = aDay('2020-01-01');
const RETENTION_DAYS = 31;

/**
 * An archive of many days in the folder `archive`, with a digest and runs for each, and its key in `key.pem`.
 *
 * Written directly: the product would look at the whole archive before each of thousands of digests. The parts of all days are one small file, so what there is to verify is the walk and not the rows.
 */
export async function buildLongChain(
  folder: string,
  days: number,
  runsADay: number,
): Promise<void> {
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
