import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleFunctions, type FunctionBundle } from '../../infra/bundle-functions.ts';
import { sizeOf } from '../../infra/bundle-size.ts';
import { loadBundle } from '../../infra/load-bundle.ts';

const NAMES = ['archive', 'archive-day', 'digest', 'query'];

describe('the bundles of the functions', () => {
  let directory: string;
  let bundles: readonly FunctionBundle[];
  beforeAll(async () => {
    // Below node_modules, where archive-day finds DuckDB's binding for this machine.
    await mkdir('node_modules/.cache', { recursive: true });
    directory = await mkdtemp('node_modules/.cache/bundles-');
    bundles = await bundleFunctions(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const bundleOf = (name: string): FunctionBundle => {
    const found = bundles.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no bundle ${name}`);
    return found;
  };

  it('are one for each folder', () => {
    expect(bundles.map(({ name }) => name)).toEqual(NAMES);
  });

  it.each(NAMES)('%s loads in a process of its own, and has a handler', async (name) => {
    expect(await loadBundle(bundleOf(name).file)).toBeGreaterThan(0);
  });

  it.each(NAMES)('%s maps what stands in it to our own sources', async (name) => {
    const { sources } = JSON.parse(await readFile(`${bundleOf(name).file}.map`, 'utf8'));
    expect(sources).toContainEqual(expect.stringMatching(`functions/${name}/handler\\.ts$`));
  });

  it('carry DuckDB in archive-day only', () => {
    expect(bundles.filter(({ carriesDuckDB }) => carriesDuckDB).map(({ name }) => name)).toEqual([
      'archive-day',
    ]);
  });

  it.each(NAMES.filter((name) => name !== 'archive-day'))(
    '%s stays below five megabytes',
    async (name) => {
      const { file } = bundleOf(name);
      expect((await sizeOf([file, `${file}.map`])).unpacked).toBeLessThan(5_000_000);
    },
  );
});
