import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveRig, names } from './support/archive-rig.ts';

const D = 'digests/v1/foundation=eu-1';
const E = 'events/v1/foundation=eu-1';
const M = 'manifests/v1/foundation=eu-1';

let rig: ArchiveRig;
beforeEach(async () => {
  rig = await ArchiveRig.open();
  await rig.at('2026-03-02T05:00:00Z').revision('2026-03-01', ['a1']);
  await rig.at('2026-03-02T06:00:00Z').digest();
});
afterEach(() => rig.close());

const at = async (now: string) => {
  const { findings, remarks } = await rig.verify({ now: new Date(now) });
  return {
    findings: names(findings),
    remarks: names(remarks).filter((name) => !name.startsWith('n')),
  };
};

describe('a manifest that no digest names', () => {
  it('is in the store fifteen minutes after it says: a digest made meanwhile need not name it; pending for 26 hours, then unsigned', async () => {
    await rig.at('2026-03-02T05:45:00.001Z').revision('2026-03-02', []);
    const manifest = `${M}/dt=2026-03-02/r0000.json`;

    expect(await at('2026-03-03T08:00:00.000Z')).toEqual({
      findings: [],
      remarks: [`pending ${manifest}`],
    });
    expect(await at('2026-03-03T08:00:00.001Z')).toEqual({
      findings: [`unsigned ${manifest}`, `digest_overdue ${D}/`],
      remarks: [],
    });
  });

  it('is unsigned at once when it is not newer than the newest digest', async () => {
    await rig.at('2026-03-02T05:45:00.000Z').revision('2026-03-02', []);

    expect(await at('2026-03-02T06:30:00Z')).toMatchObject({
      findings: [`unsigned ${M}/dt=2026-03-02/r0000.json`],
    });
  });

  it('is held against its part all the same', async () => {
    await rig.at('2026-03-02T07:00:00Z').revision('2026-03-02', ['b1']);
    const part = `${E}/dt=2026-03-02/part-0000.parquet`;
    rig.store.put(part, `${rig.store.text(part)}x`);

    expect((await at('2026-03-02T08:00:00Z')).findings).toEqual([`altered ${part}`]);
  });
});

describe('a part that no manifest describes', () => {
  const orphan = `${E}/dt=2026-03-02/part-0000.parquet`;

  it('is pending for 26 hours by its file time, then extra', async () => {
    await rig.at('2026-03-02T06:00:00.001Z').revision('2026-03-02', ['b1'], { orphan: true });

    expect(await at('2026-03-03T08:00:00.000Z')).toEqual({
      findings: [],
      remarks: [`pending ${orphan}`],
    });
    expect((await at('2026-03-03T08:00:00.001Z')).findings).toContain(`extra ${orphan}`);
  });

  it('is extra at once when it is not newer than the newest digest', async () => {
    await rig.at('2026-03-02T06:00:00Z').revision('2026-03-02', ['b1'], { orphan: true });

    expect((await at('2026-03-02T06:30:00Z')).findings).toEqual([`extra ${orphan}`]);
  });

  it.each([
    ['empty', 'extra', ''],
    ['no Parquet', 'invalid', 'PAR1'],
  ])('is a finding at once when it is %s', async (_, kind, body) => {
    rig.at('2026-03-02T07:00:00Z').store.put(orphan, body);

    expect((await at('2026-03-02T07:30:00Z')).findings).toEqual([`${kind} ${orphan}`]);
  });

  it('is a finding at once when it has an event of another part', async () => {
    await rig
      .at('2026-03-02T07:00:00Z')
      .revision('2026-03-01', ['a1', 'a2'], { revision: 1, orphan: true });

    expect((await at('2026-03-02T07:30:00Z')).findings).toEqual([
      `duplicate ${E}/dt=2026-03-01/part-0001.parquet`,
    ]);
  });

  it('is a finding at once when no run would have called it so', async () => {
    await rig
      .at('2026-03-02T07:00:00Z')
      .revision('2026-03-02', ['b1'], { revision: 2, orphan: true });

    expect((await at('2026-03-02T07:30:00Z')).findings).toEqual([
      `extra ${E}/dt=2026-03-02/part-0002.parquet`,
    ]);
  });
});

describe('a part of a day that a manifest calls empty', () => {
  const part = `${E}/dt=2026-03-02/part-0000.parquet`;

  it('is pending while that manifest is', async () => {
    await rig.at('2026-03-02T07:00:00Z').revision('2026-03-02', []);
    await rig.revision('2026-03-02', ['b1'], { orphan: true });

    expect(await at('2026-03-02T07:30:00Z')).toEqual({
      findings: [],
      remarks: [`pending ${part}`, `pending ${M}/dt=2026-03-02/r0000.json`],
    });
  });

  it('is extra at once when that manifest is signed', async () => {
    await rig.at('2026-03-02T07:00:00Z').revision('2026-03-02', []);
    await rig.at('2026-03-03T06:00:00Z').digest();
    await rig.at('2026-03-03T07:00:00Z').revision('2026-03-02', ['b1'], { orphan: true });

    expect((await at('2026-03-03T07:30:00Z')).findings).toEqual([`extra ${part}`]);
  });
});

describe('the newest digest', () => {
  it('is overdue when it is older than 26 hours', async () => {
    expect((await at('2026-03-03T08:00:00.000Z')).findings).toEqual([]);
    expect((await at('2026-03-03T08:00:00.001Z')).findings).toEqual([`digest_overdue ${D}/`]);
  });
});

describe('a copy of unknown age', () => {
  it('is judged as of the newest instant that it carries', async () => {
    const verdict = await rig.verify({ now: undefined });

    expect(verdict.asOf).toEqual(new Date('2026-03-02T06:00:00Z'));
    expect(verdict.findings).toEqual([]);
  });

  it('was pending when it was taken, and stays so', async () => {
    await rig.at('2026-03-03T05:00:00Z').revision('2026-03-02', []);
    const run = await rig.run();

    const verdict = await rig.verify({ now: undefined });

    expect(verdict.asOf).toEqual(new Date('2026-03-03T05:00:00Z'));
    expect(verdict.findings).toEqual([]);
    expect(names(verdict.remarks).sort().slice(1)).toEqual([
      `pending ${M}/dt=2026-03-02/r0000.json`,
      `pending ${run}`,
    ]);
  });

  it('has an overdue digest as a remark, and unsigned objects as findings', async () => {
    await rig.at('2026-03-03T05:00:00Z').run();
    await rig.at('2026-03-05T05:00:00Z').run();

    const verdict = await rig.verify({ now: undefined });

    expect(verdict.findings).toMatchObject([{ kind: 'unsigned', day: '2026-03-03' }]);
    expect(verdict.remarks).toMatchObject([
      { kind: 'pending', day: '2026-03-05' },
      expect.anything(),
      { kind: 'digest_overdue' },
    ]);
  });
});

describe('an archive that is being written', () => {
  it('is not called incomplete for what is stored while it is listed', async () => {
    const day = '2026-03-02';
    await rig.at('2026-03-02T07:00:00Z').revision('2026-03-02', ['b1']);
    const late = new Map(rig.store.objects);
    for (const key of rig.store.keys())
      if (key.includes(`dt=${day}`)) rig.store.objects.delete(key);
    const halves: readonly string[] = ['events', 'manifests'];
    for (const stored of [0, 1, 2]) {
      for (const after of [
        `manifests/v1/foundation=eu-1/dt=${day}/`,
        `events/v1/foundation=eu-1/dt=${day}/`,
      ]) {
        const store = rig.store.copy();
        // Something of the day is there from the start, so that it is looked at.
        store.put(`runs/v1/foundation=eu-1/dt=${day}/2026-03-02T07:00:00.000Z-ff.json`, 'x');
        store.onCall = (operation, prefix) => {
          if (operation !== 'list' || prefix !== after) return;
          for (const [key, { bytes, modifiedAt }] of late) {
            if (halves.slice(0, stored).some((half) => key.startsWith(`${half}/`))) {
              store.put(key, bytes, modifiedAt);
            }
          }
        };

        const { findings } = await rig.verify({ store, now: new Date('2026-03-02T07:30:00Z') });

        expect(names(findings)).toEqual([
          `invalid runs/v1/foundation=eu-1/dt=${day}/2026-03-02T07:00:00.000Z-ff.json`,
        ]);
      }
    }
  });
});
