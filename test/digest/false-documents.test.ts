import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../lib/domain/manifest.ts';
import { ArchiveRig, guidDigest, names } from './support/archive-rig.ts';

const E = 'events/v1/foundation=eu-1';
const M = 'manifests/v1/foundation=eu-1';

let rig: ArchiveRig;
beforeEach(async () => {
  rig = await ArchiveRig.open();
  rig.at('2026-03-02T05:00:00Z');
});
afterEach(() => rig.close());

const findings = async () => {
  await rig.at('2026-03-02T06:00:00Z').digest();
  return (await rig.verify()).findings;
};

describe('a signed manifest', () => {
  const part = {
    key: `${E}/dt=2026-03-01/part-0000.parquet`,
    rows: 2,
    min_created_at: '2026-03-01T12:00:00.000Z',
    max_created_at: '2026-03-01T12:00:00.000Z',
  };
  const lies: [string, (manifest: Manifest) => Partial<Manifest>][] = [
    [
      'min_created_at',
      (m) => ({ part: m.part && { ...m.part, min_created_at: '2026-03-01T11:59:59.999Z' } }),
    ],
    [
      'max_created_at',
      (m) => ({ part: m.part && { ...m.part, max_created_at: '2026-03-01T12:00:00.001Z' } }),
    ],
    ['events_by_type', () => ({ events_by_type: { 'audit.app.start': 1, 'audit.app.stop': 1 } })],
    ['misplaced', () => ({ misplaced: 1 })],
    ['unrepresentable', () => ({ unrepresentable: 1 })],
    [
      'rows',
      (m) => ({
        events: 3,
        events_by_type: { 'audit.app.start': 3 },
        part: m.part && { ...m.part, rows: 3 },
        cumulative: { events: 3, guid_digest: guidDigest(['a1', 'a2', 'a3']) },
      }),
    ],
  ];

  it.each(lies)('that is wrong about %s of its part is a mismatch', async (word, lie) => {
    await rig.revision('2026-03-01', ['a1', 'a2']);
    const key = `${M}/dt=2026-03-01/r0000.json`;
    const manifest = JSON.parse(rig.store.text(key)) as Manifest;
    rig.store.put(key, JSON.stringify({ ...manifest, ...lie(manifest) }));

    const found = await findings();

    expect(names(found)).toEqual([`mismatch ${part.key}`]);
    expect(found[0]?.meaning).toContain(word);
  });

  it('whose GUIDs are others than those of its part is a mismatch', async () => {
    await rig.revision('2026-03-01', ['a1', 'a2'], { all: ['a1', 'a3'] });

    expect(names(await findings())).toEqual([`mismatch ${M}/dt=2026-03-01/r0000.json`]);
  });

  it('whose later sum leaves out an earlier revision is a mismatch', async () => {
    await rig.revision('2026-03-01', ['a1', 'a2']);
    await rig.revision('2026-03-01', ['a3'], { revision: 1, all: ['a2', 'a3'] });

    expect(names(await findings())).toEqual([`mismatch ${M}/dt=2026-03-01/r0001.json`]);
  });

  it('is a duplicate when an event is in two parts of the day', async () => {
    await rig.revision('2026-03-01', ['a1', 'a2']);
    await rig.revision('2026-03-01', ['a2', 'a3'], { revision: 1, all: ['a1', 'a2', 'a3'] });

    expect(names(await findings())).toEqual([`duplicate ${E}/dt=2026-03-01/part-0001.parquet`]);
  });

  it('is invalid when its part has an event twice', async () => {
    await rig.revision('2026-03-01', ['a1', 'a1'], { all: ['a1', 'a1'] });

    expect(names(await findings())).toEqual([`invalid ${E}/dt=2026-03-01/part-0000.parquet`]);
  });

  it('is missing when a later revision has no earlier one', async () => {
    await rig.revision('2026-03-01', ['a3'], { revision: 2, all: ['a3'] });

    expect(await findings()).toMatchObject([
      {
        kind: 'missing',
        object: `${M}/dt=2026-03-01/r0000.json`,
        meaning: expect.stringContaining('it and the 1 after it'),
      },
    ]);
  });

  it('makes a part extra when it says there is none', async () => {
    await rig.revision('2026-03-01', []);
    await rig.revision('2026-03-01', ['a1'], { orphan: true });

    expect(names(await findings())).toEqual([`extra ${E}/dt=2026-03-01/part-0000.parquet`]);
  });
});

describe('a part that the manifest of its number does not name', () => {
  const [part, r0001, r0002] = [
    `${E}/dt=2026-03-01/part-0000.parquet`,
    `${M}/dt=2026-03-01/r0001.json`,
    `${M}/dt=2026-03-01/r0002.json`,
  ];
  beforeEach(async () => {
    await rig.revision('2026-03-01', []);
    await rig.revision('2026-03-01', ['a1'], { orphan: true });
  });

  it('may be adopted by a later one', async () => {
    await rig.revision('2026-03-01', ['a1'], { revision: 1, adopts: 0 });
    await rig.revision('2026-03-01', ['a2'], { revision: 2, all: ['a1', 'a2'] });

    expect(await findings()).toEqual([]);
  });

  it('is held against the one that adopted it', async () => {
    await rig.revision('2026-03-01', ['a1'], { revision: 1, adopts: 0 });
    rig.store.put(part, `${rig.store.text(part)}x`);

    expect(names(await findings())).toEqual([`altered ${part}`]);
  });

  it('is missing when it was adopted and is gone', async () => {
    await rig.revision('2026-03-01', ['a1'], { revision: 1, adopts: 0 });
    rig.store.objects.delete(part);

    expect(names(await findings())).toEqual([`missing ${part}`]);
  });

  it('cannot be adopted twice', async () => {
    await rig.revision('2026-03-01', ['a1'], { revision: 1, adopts: 0 });
    await rig.revision('2026-03-01', ['a1'], { revision: 2, adopts: 0 });

    expect(names(await findings())).toEqual([`invalid ${r0002}`]);
  });

  it('cannot be a supplement', async () => {
    const over = { status: 'supplement' } as const;
    await rig.revision('2026-03-01', ['a1'], { revision: 1, adopts: 0, over });

    expect(names(await findings())).toEqual([`invalid ${r0001}`]);
  });
});

describe('a manifest that contradicts itself', () => {
  it.each<[string, Partial<Manifest>]>([
    ['another revision', { revision: 1 }],
    ['another window', { window: { from: '2026-03-01T00:00:00Z', to: '2026-03-01T23:00:00Z' } }],
    ['events without a part', { part: null }],
    ['types that do not add up', { events_by_type: {} }],
    ['a supplement to nothing', { status: 'supplement' }],
    ['an empty day with events', { status: 'empty' }],
    ['a sum that is not its own', { cumulative: { events: 1, guid_digest: guidDigest(['a1']) } }],
  ])('is not signed: %s', async (_, over) => {
    await rig.revision('2026-03-01', ['a1', 'a2'], { over });

    const { refused } = await rig.at('2026-03-02T06:00:00Z').digest();

    expect(refused).toMatchObject([{ key: `${M}/dt=2026-03-01/r0000.json` }]);
    expect(names((await rig.verify()).findings)).toEqual([`invalid ${M}/dt=2026-03-01/r0000.json`]);
  });
});
