/** Bundle the command line into one file: `npm run build`, then `node dist/cf-audit-archive.mjs`. DuckDB's native binding stays a package of its own. */
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = 'dist/cf-audit-archive.mjs';

await build({
  entryPoints: ['lib/cli/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  mainFields: ['module', 'main'],
  external: ['@duckdb/node-bindings*'],
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'info',
  // undici is CommonJS and calls require('node:...'): an ESM bundle has no require of its own.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
await chmod(outfile, 0o755);
