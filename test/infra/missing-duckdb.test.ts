import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** Not this machine's, so that npm has not installed its binding. */
const ARCHITECTURE = process.arch === 'x64' ? 'arm64' : 'x64';
const BINDING = `@duckdb/node-bindings-linux-${ARCHITECTURE}`;

const NOWHERE = 'http://127.0.0.1:9';

/** A checkout after `npm ci`, without a binding that was fetched before, and without a network. */
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'missing-duckdb-'));
  for (const name of ['functions', 'lib', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    await symlink(join(ROOT, name), join(checkout, name));
  }
  await mkdir(join(checkout, 'node_modules'));
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (name === '.cache') continue;
    await symlink(join(ROOT, 'node_modules', name), join(checkout, 'node_modules', name));
  }
}, 60_000);
afterEach(() => rm(checkout, { recursive: true, force: true }));

const build = () =>
  promisify(execFile)(process.execPath, [join(ROOT, 'infra/build-functions.ts')], {
    cwd: checkout,
    env: {
      PATH: process.env.PATH,
      HOME: checkout,
      LAMBDA_ARCH: ARCHITECTURE,
      npm_config_registry: NOWHERE,
      npm_config_cache: join(checkout, 'cache'),
      npm_config_fetch_retries: '0',
    },
  });

describe('the build of the functions, without DuckDB for the architecture they run on', () => {
  it('fails, and says how to get it', async () => {
    await expect(build()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(`${BINDING}@\\S+ is not on this machine .*run npm run fetch:duckdb once`),
      ),
    });
  }, 120_000);

  it('fails where the package is there and the library in it is empty', async () => {
    await rm(join(checkout, 'node_modules/@duckdb'), { recursive: true });
    const packages = await readdir(join(ROOT, 'node_modules/@duckdb'));
    for (const name of packages) {
      const link = join(checkout, 'node_modules/@duckdb', name);
      await mkdir(join(link, '..'), { recursive: true });
      await symlink(join(ROOT, 'node_modules/@duckdb', name), link);
    }
    await mkdir(join(checkout, 'node_modules', BINDING));
    await writeFile(join(checkout, 'node_modules', BINDING, 'libduckdb.so'), '');

    await expect(build()).rejects.toMatchObject({ code: 1 });
  }, 120_000);
});
