/**
 * Bundle the functions: `npm run build:functions`. One file and its map each below dist/functions; archive-day has a folder of its own, for DuckDB's native binding lies beside it. LAMBDA_ARCH is arm64 (default) or x64.
 *
 * Prints what each weighs and how long it takes to load, and fails when one is too heavy for what it is.
 */
import { rm } from 'node:fs/promises';
import { bundleFunctions, WITH_DUCKDB } from './bundle-functions.ts';
import { filesBelow, sizeOf } from './bundle-size.ts';
import { loadBundle } from './load-bundle.ts';
import { stageDuckDB, targetArchitecture } from './stage-duckdb.ts';

const outdir = 'dist/functions';

/** Lambda takes no more, unpacked. */
const MAX_WITH_DUCKDB = 250 * 1024 * 1024;
/** Nothing that belongs into the others is larger. */
const MAX_OTHERS = 5_000_000;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

const architecture = targetArchitecture();
await rm(outdir, { recursive: true, force: true });
const problems: string[] = [];
for (const { name, folder, file, carriesDuckDB } of await bundleFunctions(outdir)) {
  const isLarge = name === WITH_DUCKDB;
  if (isLarge) await stageDuckDB(architecture, folder);
  const { unpacked, zipped } = await sizeOf(
    isLarge ? await filesBelow(folder) : [file, `${file}.map`],
  );
  const loadMs = await loadBundle(file);
  console.log(
    `${name.padEnd(12)} ${megabytes(unpacked)} unpacked ${megabytes(zipped)} zipped ${loadMs.toFixed(0).padStart(5)} ms to load`,
  );
  const limit = isLarge ? MAX_WITH_DUCKDB : MAX_OTHERS;
  if (unpacked > limit) problems.push(`${name}: ${unpacked} bytes unpacked, at most ${limit}`);
  if (carriesDuckDB && !isLarge) problems.push(`${name}: carries DuckDB`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
