import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const EMPTY_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/** Source maps of our own code alone: those of packages would be most of what a function weighs, and be read at each fault. */
export const mapOwnSources: Plugin = {
  name: 'map-own-sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${EMPTY_MAP}`,
      loader: 'js',
    }));
  },
};
