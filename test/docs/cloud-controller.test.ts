import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DOCUMENT = readFileSync('docs/cloud-controller.md', 'utf8');

/** Numbers of its headings, such as `1.2`. */
const SECTIONS = [...DOCUMENT.matchAll(/^##+ (\d+(?:\.\d+)?)\.? /gm)].map(([, number]) => number);

/** What it names of this repository; a bare file is in the folder of the path before. */
const PATHS = [
  ...DOCUMENT.matchAll(/`((?:lib|infra|test)\/[\w./-]+)`(?:, `([\w-]+\.ts)`)?/g),
].flatMap(([, path = '', beside]) =>
  beside === undefined ? [path] : [path, join(path, '..', beside)],
);

/** `CC §1.4, §2.3` cites two sections. */
const citationsOf = (text: string): string[] =>
  [...text.matchAll(/CC ((?:(?:, )?§\d+(?:\.\d+)?)+)/g)].flatMap(([, cited = '']) =>
    [...cited.matchAll(/§([\d.]+)/g)].map(([, number = '']) => number),
  );

const CITED = ['lib', 'functions', 'infra', 'bench', 'test']
  .flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
  )
  .filter((file) => /\.(ts|yml)$/.test(file))
  .flatMap((file) => citationsOf(readFileSync(file, 'utf8')).map((number) => ({ file, number })));

describe('docs/cloud-controller.md', () => {
  it('has every section that the code cites', () => {
    expect(CITED.length).toBeGreaterThan(100);
    expect(CITED.filter(({ number }) => !SECTIONS.includes(number))).toEqual([]);
  });

  it('numbers its sections in order', () => {
    const main = SECTIONS.filter((number) => !number?.includes('.'));

    expect(main).toEqual(main.map((_, index) => String(index + 1)));
    expect(new Set(SECTIONS).size).toBe(SECTIONS.length);
  });

  it('names modules that are there', () => {
    expect(PATHS.length).toBeGreaterThan(15);
    expect(PATHS.filter((path) => !existsSync(path))).toEqual([]);
  });
});
