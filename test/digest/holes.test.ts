import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveRig, names } from './support/archive-rig.ts';
import type { MemoryObjectStore } from './support/memory-object-store.ts';

const D = 'digests/v1/foundation=eu-1';
const M = 'manifests/v1/foundation=eu-1';
const E = 'events/v1/foundation=eu-1';

/** Five links, each of which names a manifest and a run of its own. */
let rig: ArchiveRig;
const runs: Record<string, string> = {};
let objects: MemoryObjectStore['objects'];
beforeAll(async () => {
  rig = await ArchiveRig.open();
  for (const day of ['02', '03', '04', '05', '06']) {
    rig.at(`2026-03-${day}T05:00:00Z`);
    await rig.revision(`2026-03-0${Number(day) - 1}`, [`e${day}`]);
    runs[day] = await rig.run();
    await rig.at(`2026-03-${day}T06:00:00Z`).digest();
  }
  objects = new Map(rig.store.objects);
});
beforeEach(() => {
  rig.at('2026-03-06T07:00:00Z');
  rig.store.objects.clear();
  for (const [key, object] of objects) rig.store.objects.set(key, object);
});
afterAll(() => rig.close());

const verdict = async () => {
  const { findings, remarks } = await rig.verify();
  return {
    findings: names(findings),
    remarks: names(remarks).filter((name) => !name.startsWith('never')),
  };
};
const alter = (key: string): void => rig.store.put(key, `${rig.store.text(key)} `);

describe('a link that does not count', () => {
  it.each([
    ['altered', 'altered', () => alter(`${D}/2026-03-04.json`)],
    ['gone', 'missing', () => rig.store.objects.delete(`${D}/2026-03-04.json`)],
  ])('is one finding when it is %s, and what only it names is a remark', async (_, kind, harm) => {
    harm();

    expect(await verdict()).toEqual({
      findings: [`${kind} ${D}/2026-03-04.json`],
      remarks: [`unvouched ${runs['04']}`, `unvouched ${M}/dt=2026-03-03/r0000.json`],
    });
  });

  it('still counts by the link after it when only its signature is broken', async () => {
    alter(`${D}/2026-03-04.jws`);

    expect(await verdict()).toEqual({
      findings: [`wrong_signature ${D}/2026-03-04.jws`],
      remarks: [],
    });
  });

  it('does not hide what was deleted along with it, because a later table counts it', async () => {
    rig.store.objects.delete(`${D}/2026-03-04.json`);
    rig.store.objects.delete(`${M}/dt=2026-03-03/r0000.json`);

    expect((await verdict()).findings).toEqual([
      `missing ${D}/2026-03-04.json`,
      `missing ${M}/dt=2026-03-03/r0000.json`,
    ]);
  });

  it('does not excuse what an earlier or a later link should have named', async () => {
    alter(`${D}/2026-03-04.json`);
    const early = await rig.at('2026-03-03T05:30:00Z').run();
    const late = await rig.at('2026-03-05T05:30:00Z').run();
    rig.at('2026-03-06T07:00:00Z');

    expect((await verdict()).findings).toEqual([
      `unsigned ${late}`,
      `altered ${D}/2026-03-04.json`,
      `unsigned ${early}`,
    ]);
  });
});

describe('several links that are gone', () => {
  it('are the first of them missing, and the calendar days a gap', async () => {
    for (const day of ['03', '04', '05']) {
      rig.store.objects.delete(`${D}/2026-03-${day}.json`);
      rig.store.objects.delete(`${D}/2026-03-${day}.jws`);
    }

    expect((await verdict()).findings).toEqual([
      `missing ${D}/2026-03-05.json`,
      `gap ${D}/2026-03-03.json`,
    ]);
  });

  it('are the oldest of the chain, too', async () => {
    rig.store.objects.delete(`${D}/2026-03-02.json`);
    rig.store.objects.delete(`${D}/2026-03-02.jws`);

    expect((await verdict()).findings).toEqual([`missing ${D}/2026-03-02.json`]);
  });
});

describe('a broken newest link', () => {
  it('leaves what only it names unvouched', async () => {
    alter(`${D}/2026-03-06.jws`);

    expect(await verdict()).toEqual({
      findings: [`wrong_signature ${D}/2026-03-06.jws`],
      remarks: [`unvouched ${runs['06']}`, `unvouched ${M}/dt=2026-03-05/r0000.json`],
    });
  });

  it('counts when its SHA-256 was anchored', async () => {
    const head = (await rig.digest()).head.sha256;
    alter(`${D}/2026-03-06.jws`);

    const { findings, remarks } = await rig.verify({ heads: [head] });

    expect(names(findings)).toEqual([`wrong_signature ${D}/2026-03-06.jws`]);
    expect(names(remarks).filter((name) => name.startsWith('unvouched'))).toEqual([]);
  });
});

describe('an altered manifest', () => {
  it('leaves its part unvouched', async () => {
    alter(`${M}/dt=2026-03-03/r0000.json`);

    expect(await verdict()).toEqual({
      findings: [`altered ${M}/dt=2026-03-03/r0000.json`],
      remarks: [`unvouched ${E}/dt=2026-03-03/part-0000.parquet`],
    });
  });
});
