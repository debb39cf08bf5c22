import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.ts';
import { mapOwnSources } from './map-own-sources.ts';

/** The only function that carries DuckDB; its native binding lies beside it, in a folder of its own. */
export const WITH_DUCKDB = 'archive-day';

export interface FunctionBundle {
  readonly name: string;
  /** What is in it besides bundle and map: nothing, but for `WITH_DUCKDB`. */
  readonly folder: string;
  readonly file: string;
  readonly carriesDuckDB: boolean;
}

/** Bundle every folder of functions/ into one file each, below `outdir`. */
export async function bundleFunctions(outdir: string): Promise<readonly FunctionBundle[]> {
  const names = (await Array.fromAsync(glob('functions/*/handler.ts')))
    .map((file) => basename(dirname(file)))
    .sort();
  const folderOf = (name: string): string => (name === WITH_DUCKDB ? join(outdir, name) : outdir);
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
    external: ['linux', 'darwin', 'win32'].map((system) => `@duckdb/node-bindings-${system}-*`),
    plugins: [mapOwnSources],
    metafile: true,
  });
  return names.map((name) => {
    const file = join(folderOf(name), `${name}.mjs`);
    const inputs = Object.keys(metafile.outputs[file]?.inputs ?? {});
    const carriesDuckDB = inputs.some((input) => input.includes('node_modules/@duckdb/'));
    return { name, folder: folderOf(name), file, carriesDuckDB };
  });
}
