import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { trustKeys } from '../../lib/digest/check-signature.ts';
import { digestSchema, sha256Hex } from '../../lib/domain/digest.ts';
import { ArchiveRig, aDay, FOUNDATION, names } from './support/archive-rig.ts';
import { aSigner } from './support/memory-signer.ts';

const D = 'digests/v1/foundation=eu-1';
const M = 'manifests/v1/foundation=eu-1';
const R = 'runs/v1/foundation=eu-1';

let rig: ArchiveRig;
beforeEach(async () => {
  rig = await ArchiveRig.open();
});
afterEach(() => rig.close());

const digestOf = (day: string) =>
  digestSchema.parse(JSON.parse(rig.store.text(`${D}/${day}.json`)));
const named = (day: string) => digestOf(day).objects.map(({ key }) => key);

describe('signDigest', () => {
  it('signs an archive in which nothing is stored yet', async () => {
    const outcome = await rig.at('2026-03-02T06:00:00.000Z').digest();

    expect(outcome).toMatchObject({ kind: 'signed', objects: 0, previousDay: null, refused: [] });
    expect(rig.store.text(`${D}/2026-03-02.json`)).toBe(
      '{"format":"cf-audit-archive/digest/v1","foundation":"eu-1","day":"2026-03-02","tool":"cf-audit-archive/0.0.0-test","signed_at":"2026-03-02T06:00:00.000Z","previous":null,\n"objects":[],\n"days":[]}\n',
    );
    expect((await rig.verify()).findings).toEqual([]);
  });

  it('names what was written since the previous link, and counts every day', async () => {
    await rig.at('2026-03-03T05:00:00.000Z').revision('2026-03-01', ['a1', 'a2']);
    const run = await rig.run([
      { dt: aDay('2026-03-01'), deleted_at_source: 1 },
      { dt: aDay('2026-03-03'), result: 'open', at_source: 9, archived: null },
    ]);
    const first = await rig.at('2026-03-03T06:00:00.000Z').digest();
    await rig.at('2026-03-04T05:00:00.000Z').revision('2026-03-02', []);
    await rig.revision('2026-03-01', ['a3'], { revision: 1, all: ['a1', 'a2', 'a3'] });
    await rig.at('2026-03-04T06:00:00.000Z').digest();

    expect(named('2026-03-03')).toEqual([`${M}/dt=2026-03-01/r0000.json`, run]);
    expect(digestOf('2026-03-04')).toMatchObject({
      previous: { key: `${D}/2026-03-03.json`, sha256: first.head.sha256 },
      objects: [
        {
          key: `${M}/dt=2026-03-01/r0001.json`,
          sha256: sha256Hex(rig.store.bytes(`${M}/dt=2026-03-01/r0001.json`)),
        },
        { key: `${M}/dt=2026-03-02/r0000.json` },
      ],
      days: [
        {
          dt: '2026-03-01',
          status: 'closed',
          revisions: 2,
          events: 3,
          counted_at: '2026-03-03T05:00:00.000Z',
          at_source: 2,
          deleted_at_source: 1,
        },
        { dt: '2026-03-02', status: 'empty', revisions: 1, events: 0, counted_at: null },
        { dt: '2026-03-03', status: null, revisions: 0, events: 0, at_source: 9 },
      ],
    });
    expect((await rig.verify()).findings).toEqual([]);
  });

  it('makes a link on quiet days, and none twice a day', async () => {
    await rig.at('2026-03-02T06:00:00Z').digest();
    const quiet = await rig.at('2026-03-03T06:00:00Z').digest();
    const before = [...rig.store.objects];

    const again = await rig.at('2026-03-03T23:59:59Z').digest();

    expect(quiet).toMatchObject({ kind: 'signed', objects: 0, previousDay: '2026-03-02' });
    expect(again).toEqual({ ...quiet, kind: 'already' });
    expect([...rig.store.objects]).toEqual(before);
  });

  it('leaves a gap where nobody signed, and verify sees it', async () => {
    await rig.at('2026-03-02T06:00:00Z').digest();
    await rig.at('2026-03-04T05:00:00Z').revision('2026-03-02', ['a1']);
    await rig.at('2026-03-06T06:00:00Z').digest();

    const { findings } = await rig.verify();

    expect(rig.store.keys(D)).toHaveLength(4);
    expect(findings).toMatchObject([
      {
        kind: 'gap',
        day: '2026-03-03',
        object: `${D}/2026-03-03.json`,
        meaning: 'nothing was signed on 3 calendar days, 2026-03-03 to 2026-03-05',
      },
    ]);
  });

  it('names a run report that appears days after its run began, and none twice', async () => {
    await rig.at('2026-03-02T06:00:00Z').run();
    await rig.at('2026-03-02T07:00:00Z').digest();
    await rig.at('2026-03-03T07:00:00Z').digest();
    await rig.at('2026-03-01T22:00:00Z').run();
    await rig.at('2026-03-03T23:00:00Z').run();
    await rig.at('2026-03-04T07:00:00Z').digest();
    await rig.at('2026-03-05T07:00:00Z').digest();

    expect(named('2026-03-03')).toEqual([]);
    expect(named('2026-03-04')).toEqual([
      `${R}/dt=2026-03-01/2026-03-01T22:00:00.000Z-0a1b2c3d.json`,
      `${R}/dt=2026-03-03/2026-03-03T23:00:00.000Z-0a1b2c3d.json`,
    ]);
    expect(named('2026-03-05')).toEqual([]);
    expect(names((await rig.verify()).findings)).toEqual([
      `signed_late ${R}/dt=2026-03-01/2026-03-01T22:00:00.000Z-0a1b2c3d.json`,
    ]);
  });

  it('asks the store for little, however long the chain is', async () => {
    for (let day = 1; day <= 28; day += 1) {
      await rig.at(`2026-02-${String(day).padStart(2, '0')}T06:00:00Z`).digest();
    }
    const calls: string[] = [];
    rig.store.onCall = (operation, key) => calls.push(`${operation} ${key}`);
    await rig.at('2026-03-01T06:00:00Z').digest();

    const reads = calls.filter((call) => call.startsWith('get'));
    expect(reads.filter((call) => call.endsWith('.json'))).toHaveLength(8);
    expect(calls.filter((call) => call.startsWith('list'))).toHaveLength(2 + 3 * 9);
  });

  it('signs nothing that is not what its key says, and tells', async () => {
    await rig.at('2026-03-02T05:00:00Z').revision('2026-03-01', ['a1']);
    rig.store.put(`${M}/dt=2026-02-28/r0000.json`, '{"format":"mine"}');
    rig.store.put(`${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-ff.json`, 'no JSON');

    const outcome = await rig.at('2026-03-02T06:00:00Z').digest();

    expect(outcome.refused.map(({ key }) => key)).toEqual([
      `${M}/dt=2026-02-28/r0000.json`,
      `${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-ff.json`,
    ]);
    expect(named('2026-03-02')).toEqual([`${M}/dt=2026-03-01/r0000.json`]);
    expect(names((await rig.verify()).findings)).toEqual([
      `invalid ${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-ff.json`,
      `invalid ${M}/dt=2026-02-28/r0000.json`,
    ]);
  });
});

describe('the signature', () => {
  it('is read by any JOSE library', async () => {
    const { head } = await rig.at('2026-03-02T06:00:00.000Z').digest();
    const jws = rig.store.text(`${D}/2026-03-02.jws`);

    const key = await importJWK({ ...rig.signer.publicJwk() }, 'EdDSA');
    const { payload, protectedHeader } = await compactVerify(jws, key);

    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      kid: await calculateJwkThumbprint({ ...rig.signer.publicJwk() }),
    });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      foundation: 'eu-1',
      day: '2026-03-02',
      key: `${D}/2026-03-02.json`,
      sha256: head.sha256,
      previous: null,
      signed_at: '2026-03-02T06:00:00.000Z',
    });
  });
});

describe('a run that dies', () => {
  const build = async (): Promise<void> => {
    await rig.at('2026-03-01T06:00:00Z').digest();
    await rig.at('2026-03-02T05:00:00Z').revision('2026-03-01', ['a1']);
    await rig.run([{ dt: aDay('2026-03-01') }]);
    rig.at('2026-03-02T06:00:00Z');
  };

  it('is made good by the next one, wherever it died', async () => {
    await build();
    let steps = 0;
    rig.store.onCall = () => {
      steps += 1;
    };
    await rig.digest();
    const whole = steps;

    for (let dies = 1; dies <= whole; dies += 1) {
      await rig.close();
      rig = await ArchiveRig.open();
      await build();
      let step = 0;
      rig.store.onCall = () => {
        step += 1;
        if (step === dies) throw new Error('killed');
      };
      await expect(rig.digest()).rejects.toThrow('killed');
      rig.store.onCall = () => undefined;

      const outcome = await rig.at('2026-03-02T06:05:00Z').digest();
      expect(outcome.kind).toBe('signed');
      await rig.at('2026-03-03T06:00:00Z').digest();
      expect((await rig.verify()).findings).toEqual([]);
    }
    expect(whole).toBeGreaterThan(15);
  });

  it('leaves bytes that the next day’s run signs, too', async () => {
    await build();
    await expect(
      rig.digest({ signer: { ...rig.signer, sign: () => Promise.reject(new Error('killed')) } }),
    ).rejects.toThrow('killed');
    const bytes = rig.store.bytes(`${D}/2026-03-02.json`);

    const outcome = await rig.at('2026-03-03T06:00:00Z').digest();

    expect(outcome).toMatchObject({
      kind: 'signed',
      repaired: '2026-03-02',
      head: { day: '2026-03-03' },
    });
    expect(rig.store.bytes(`${D}/2026-03-02.json`)).toEqual(bytes);
    expect((await rig.verify()).findings).toEqual([]);
  });

  it('is signed late when the next run comes after more than 26 hours', async () => {
    await build();
    await expect(
      rig.digest({ signer: { ...rig.signer, sign: () => Promise.reject(new Error('killed')) } }),
    ).rejects.toThrow('killed');
    await rig.at('2026-03-03T08:00:00.001Z').digest();

    expect(names((await rig.verify()).findings)).toEqual([`signed_late ${D}/2026-03-02.jws`]);
  });

  it('does not make the next one sign what somebody else left there', async () => {
    await build();
    await rig.digest();
    rig.at('2026-03-03T06:00:00Z');
    const { objects, days, ...head } = digestOf('2026-03-02');
    const planted = {
      ...head,
      day: '2026-03-03',
      signed_at: '2026-03-03T05:00:00.000Z',
      previous: {
        key: `${D}/2026-03-02.json`,
        sha256: sha256Hex(rig.store.bytes(`${D}/2026-03-02.json`)),
      },
      objects,
      days: days.map((day) => ({ ...day, events: 0 })),
    };
    rig.store.put(`${D}/2026-03-03.json`, JSON.stringify(planted));

    await expect(rig.digest()).rejects.toMatchObject({ code: 'DIGEST_INVALID' });
    expect(rig.store.keys(D)).not.toContain(`${D}/2026-03-03.jws`);
  });
});

describe('two runs at once', () => {
  it('leave one link', async () => {
    await rig.at('2026-03-02T05:00:00Z').revision('2026-03-01', ['a1']);
    rig.at('2026-03-02T06:00:00Z');

    const outcomes = await Promise.all([rig.digest(), rig.digest(), rig.digest()]);

    expect(new Set(outcomes.map(({ head }) => head.sha256)).size).toBe(1);
    expect(rig.store.keys(D)).toHaveLength(2);
    expect((await rig.verify()).findings).toEqual([]);
  });
});

describe('a broken head', () => {
  beforeEach(async () => {
    await rig.at('2026-03-02T06:00:00Z').digest();
    await rig.at('2026-03-03T06:00:00Z').digest();
    rig.at('2026-03-04T06:00:00Z');
  });

  it.each<[string, () => void]>([
    ['its digest is gone', () => rig.store.objects.delete(`${D}/2026-03-03.json`)],
    [
      'its digest is altered',
      () =>
        rig.store.put(
          `${D}/2026-03-03.json`,
          rig.store.text(`${D}/2026-03-03.json`).replace('0.0.0', '0.0.1'),
        ),
    ],
    ['its digest is none', () => rig.store.put(`${D}/2026-03-03.json`, '{}')],
    ['its signature is none', () => rig.store.put(`${D}/2026-03-03.jws`, 'x')],
    ['it is of tomorrow', () => rig.at('2026-03-02T07:00:00Z')],
  ])('is not built upon: %s', async (_, harm) => {
    harm();
    const before = rig.store.keys();

    await expect(rig.digest()).rejects.toMatchObject({ code: 'DIGEST_INVALID' });
    expect(rig.store.keys()).toEqual(before);
  });
});

describe('another key', () => {
  it('goes on with the chain, and both keys together verify it', async () => {
    await rig.at('2026-03-02T06:00:00Z').digest();
    const next = aSigner();
    await rig.at('2026-03-03T06:00:00Z').digest({ signer: next });

    const keys = trustKeys([rig.signer.publicJwk(), next.publicJwk()]);
    expect((await rig.verify({ keys })).findings).toEqual([]);
    expect(names((await rig.verify()).findings)).toEqual([`wrong_signature ${D}/2026-03-03.jws`]);
    expect(names((await rig.verify({ keys: trustKeys([next.publicJwk()]) })).findings)).toEqual([
      `wrong_signature ${D}/2026-03-02.jws`,
    ]);
  });

  it('does not make a signature of one foundation that of another', async () => {
    await rig.at('2026-03-02T06:00:00Z').digest();
    for (const key of rig.store.keys(D)) {
      rig.store.put(key.replace(FOUNDATION, 'eu-2'), rig.store.bytes(key));
    }

    expect(names((await rig.verify()).findings)).toEqual([
      'invalid digests/v1/foundation=eu-2/2026-03-02.json',
      'wrong_signature digests/v1/foundation=eu-2/2026-03-02.jws',
    ]);
  });
});
