/** Bundle the command line: `npm run build`, then `node dist/cf-audit-archive.mjs`. What only some commands need lies beside it, so that the others need not read it. DuckDB's native binding stays a package of its own. */
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.ts';

const outdir = 'dist';
const name = 'cf-audit-archive';

for (const made of [`${name}.mjs`, `${name}.mjs.map`, 'chunks']) {
  await rm(join(outdir, made), { recursive: true, force: true });
}
await build({
  ...BUNDLE_OPTIONS,
  entryPoints: [{ in: 'lib/cli/main.ts', out: name }],
  outdir,
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  target: 'node22.19',
  external: ['@duckdb/node-bindings*'],
});
await chmod(join(outdir, `${name}.mjs`), 0o755);
