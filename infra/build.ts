/** Bundle the command line: `npm run build`, then `node dist/cf-audit-archive.mjs`. What only some commands need lies beside it, so that the others need not read it. DuckDB's native binding stays a package of its own. */
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const outdir = 'dist';
const name = 'cf-audit-archive';

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: [{ in: 'lib/cli/main.ts', out: name }],
  outdir,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: ['@duckdb/node-bindings*'],
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  // undici is CommonJS and calls require('node:...'): an ESM bundle has no require of its own.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
await chmod(join(outdir, `${name}.mjs`), 0o755);
