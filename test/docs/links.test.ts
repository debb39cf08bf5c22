import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DOCUMENTS = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** Anchors as GitHub makes them of headings. */
const anchorsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Of each link into this repository: file and anchor. */
const linksOf = (file: string): { path: string; anchor: string | undefined }[] =>
  [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor] = link.split('#');
      return { path: path === '' ? file : join(dirname(file), path), anchor };
    });

describe('links', () => {
  it.each(DOCUMENTS)('of %s lead somewhere', (file) => {
    const broken = linksOf(file).filter(
      ({ path, anchor }) =>
        !existsSync(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor)),
    );

    expect(broken).toEqual([]);
  });
});
