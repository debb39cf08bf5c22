import { describe, expect, it } from '@jest/globals';
import { partIdentity } from '../../lib/parquet/part-identity.ts';

const before = new Date('2026-03-01T10:00:00Z');
const rows = { guidDigest: 'a1' };
const keep = [{ page: 1, before }, { page: 2 }, { page: 10 }];
const names = {
  organizations: new Map([
    ['o-1', 'one'],
    ['o-2', 'two'],
  ]),
  spaces: new Map([['s-1', 'dev']]),
};
const identity = partIdentity(rows, { keep, names });

describe('partIdentity', () => {
  it('is the same in whatever order windows were read and names were looked up', () => {
    const organizations = new Map([...names.organizations].reverse());

    expect(
      partIdentity(rows, { keep: keep.toReversed(), names: { ...names, organizations } }),
    ).toBe(identity);
  });

  it.each([
    ['the GUIDs', { guidDigest: 'b2' }, keep, names],
    ['a page', rows, [{ page: 1, before }, { page: 2 }, { page: 11 }], names],
    ['where a page ends', rows, [{ page: 1 }, { page: 2 }, { page: 10 }], names],
    ['a name', rows, keep, { ...names, spaces: new Map([['s-1', 'production']]) }],
    ['where a name belongs', rows, keep, { organizations: names.spaces, spaces: names.spaces }],
  ])('changes with %s', (_, guids, pages, named) => {
    expect(partIdentity(guids, { keep: pages, names: named })).not.toBe(identity);
  });
});
