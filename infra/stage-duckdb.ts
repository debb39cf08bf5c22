import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** What Lambda calls arm64 and x86_64, in Node.js's words. */
export type Architecture = 'arm64' | 'x64';

/** Survives `npm run build:functions`, not `npm ci`. */
const CACHE = 'node_modules/.cache/cf-audit-archive';

const LIBRARY = 'libduckdb.so';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/**
 * Put DuckDB's native binding for an architecture beside a function.
 *
 * Where this machine is of another architecture npm has not installed it: it is then fetched once, with the version and the hash of package-lock.json, and kept.
 *
 * @throws Error when there is no `libduckdb.so` in the end: npm leaves out what it cannot find, and says nothing
 */
export async function stageDuckDB(architecture: Architecture, folder: string): Promise<void> {
  const name = `@duckdb/node-bindings-linux-${architecture}`;
  const target = join(folder, 'node_modules', name);
  await rm(target, { recursive: true, force: true });
  const source = await bindingFor(architecture);
  await mkdir(target, { recursive: true });
  await cp(source, target, { recursive: true });
  if ((await installed(target)) === undefined) throw new Error(`${target} has no ${LIBRARY}`);
}

/** Folder of the binding, fetched where it is not here. Throws as `stageDuckDB` does. */
export async function bindingFor(architecture: Architecture): Promise<string> {
  const name = `@duckdb/node-bindings-linux-${architecture}`;
  return (await installed(join('node_modules', name))) ?? fetched(name, architecture);
}

/** What LAMBDA_ARCH says; arm64 where it is not set. */
export function targetArchitecture(text = process.env.LAMBDA_ARCH ?? 'arm64'): Architecture {
  if (text === 'arm64' || text === 'x64') return text;
  throw new Error(`LAMBDA_ARCH=${text}: write arm64 or x64`);
}

/** The folder, when it holds the library. */
async function installed(folder: string): Promise<string | undefined> {
  const library = await stat(join(folder, LIBRARY)).catch(() => undefined);
  return library !== undefined && library.size > 0 ? folder : undefined;
}

async function fetched(name: string, architecture: Architecture): Promise<string> {
  const { version, integrity } = await locked('package-lock.json', name);
  const prefix = join(CACHE, `duckdb-${version}-${architecture}`);
  const folder = join(prefix, 'node_modules', name);
  if ((await installed(folder)) !== undefined) return folder;
  await mkdir(prefix, { recursive: true });
  console.log(`fetching ${name} ${version}: once, for this architecture is not this machine's`);
  const platform = ['--os=linux', `--cpu=${architecture}`, '--libc=glibc'];
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await promisify(execFile)('npm', [
    ...['install', '--prefix', prefix, ...platform, ...quiet],
    // Asked for by its own name, npm refuses a package of another architecture.
    `@duckdb/node-bindings@${version}`,
  ]).catch(({ stderr }) => {
    const reason = /npm error code (\S+)/.exec(String(stderr))?.[1] ?? 'no reason';
    throw new Error(
      `${name}@${version} is not on this machine and npm cannot fetch it (${reason}): run npm run fetch:duckdb once with the network`,
    );
  });
  const found = await locked(join(prefix, 'node_modules/.package-lock.json'), name).catch(
    () => undefined,
  );
  if (found?.integrity !== integrity || (await installed(folder)) === undefined) {
    await rm(prefix, { recursive: true, force: true });
    throw new Error(
      found === undefined || found.integrity === integrity
        ? `npm found no ${LIBRARY} in ${name}@${version}: deploy the other architecture, or use a registry that has it`
        : `${name}@${version} is not what package-lock.json says: its hash differs`,
    );
  }
  return folder;
}

/** Version and hash of a package by a lock file. */
async function locked(file: string, name: string) {
  const lock = lockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const entry = lock.packages[`node_modules/${name}`];
  if (entry === undefined) throw new Error(`${file} has no ${name}`);
  return entry;
}
