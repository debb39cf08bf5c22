/**
 * Bundle the functions: `npm run build:functions`. One file and its map each below dist/functions; archive-day has a folder of its own, for DuckDB's native binding lies beside it. LAMBDA_ARCH is arm64 (default) or x64.
 *
 * Prints what each weighs and how long it takes to load, and fails when one is too heavy for what it is.
 */
import { execFile } from 'node:child_process';
import { glob, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.ts';
import { filesBelow, sizeOf } from './bundle-size.ts';
import { EXAMPLE_ENVIRONMENT } from './example-environment.ts';
import { mapOwnSources } from './map-own-sources.ts';
import { type Architecture, stageDuckDB } from './stage-duckdb.ts';

const outdir = 'dist/functions';

/** The only one that carries DuckDB. */
const WITH_DUCKDB = 'archive-day';

/** Lambda takes no more, unpacked. */
const MAX_WITH_DUCKDB = 250 * 1024 * 1024;
/** Nothing that belongs into the others is larger. */
const MAX_OTHERS = 5_000_000;

const architecture = architectureOf(process.env.LAMBDA_ARCH ?? 'arm64');
const names = (await Array.fromAsync(glob('functions/*/handler.ts')))
  .map((file) => basename(dirname(file)))
  .sort();
const folderOf = (name: string): string => (name === WITH_DUCKDB ? join(outdir, name) : outdir);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  ...BUNDLE_OPTIONS,
  entryPoints: names.map((name) => ({
    in: `functions/${name}/handler.ts`,
    out: join(folderOf(name), name),
  })),
  outdir: '.',
  target: 'node24',
  // A stack trace is read by its source map; names stay.
  minifyWhitespace: true,
  external: [
    '@duckdb/node-bindings-linux-*',
    '@duckdb/node-bindings-darwin-*',
    '@duckdb/node-bindings-win32-*',
  ],
  plugins: [mapOwnSources],
  metafile: true,
});
await stageDuckDB(architecture, folderOf(WITH_DUCKDB));

const problems: string[] = [];
for (const name of names) {
  const bundle = join(folderOf(name), `${name}.mjs`);
  const files = name === WITH_DUCKDB ? await filesBelow(folderOf(name)) : [bundle, `${bundle}.map`];
  const { unpacked, zipped } = await sizeOf(files);
  const carriesDuckDB = Object.keys(metafile.outputs[bundle]?.inputs ?? {}).some((input) =>
    input.includes('node_modules/@duckdb/'),
  );
  const loadMs = await loadTime(bundle);
  console.log(
    `${name.padEnd(12)} ${megabytes(unpacked)} unpacked ${megabytes(zipped)} zipped ${loadMs.toFixed(0).padStart(5)} ms to load`,
  );
  const limit = name === WITH_DUCKDB ? MAX_WITH_DUCKDB : MAX_OTHERS;
  if (unpacked > limit) problems.push(`${name}: ${unpacked} bytes unpacked, at most ${limit}`);
  if (carriesDuckDB !== (name === WITH_DUCKDB)) {
    problems.push(`${name}: ${carriesDuckDB ? 'carries' : 'does not carry'} DuckDB`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

/** Milliseconds until a new process has the handler, as in a cold start; with a configuration as an example. */
async function loadTime(bundle: string): Promise<number> {
  const url = JSON.stringify(pathToFileURL(bundle).href);
  const program = `const begun = performance.now();
const { handler } = await import(${url});
if (typeof handler !== 'function') throw new Error('no handler');
process.stdout.write(String(performance.now() - begun));
process.exit();`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { env: { PATH: process.env.PATH, ...EXAMPLE_ENVIRONMENT } },
  );
  return Number(stdout);
}

function architectureOf(text: string): Architecture {
  if (text === 'arm64' || text === 'x64') return text;
  throw new Error(`LAMBDA_ARCH=${text}: write arm64 or x64`);
}
