import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trustKeys } from '../../lib/digest/check-signature.ts';
import { digestBytes, digestSchema } from '../../lib/domain/digest.ts';
import { type ArchiveRig, aDay, aSmallArchive, names } from './support/archive-rig.ts';
import { aSigner } from './support/memory-signer.ts';

const D = 'digests/v1/foundation=eu-1';
const E = 'events/v1/foundation=eu-1';
const M = 'manifests/v1/foundation=eu-1';
const R = 'runs/v1/foundation=eu-1';

describe('verifyArchive', () => {
  let rig: ArchiveRig;
  beforeAll(async () => {
    rig = await aSmallArchive();
  });
  afterAll(() => rig.close());

  it('finds nothing wrong with an archive as it was written', async () => {
    const verdict = await rig.verify();

    expect(verdict.findings).toEqual([]);
    expect(verdict.remarks).toEqual([]);
    expect(verdict.foundations).toMatchObject([
      {
        name: 'eu-1',
        head: { day: '2026-03-04', key: `${D}/2026-03-04.json` },
        digests: 3,
        days: 2,
        objects: rig.store.keys().length,
        bytes: rig.store.keys().reduce((sum, key) => sum + rig.store.bytes(key).length, 0),
        rows: 3,
      },
    ]);
  });

  it('has a progress that ends with all objects', async () => {
    let last: unknown;
    await rig.verify({ onProgress: (progress) => (last = progress) });

    const objects = rig.store.keys().length;
    expect(last).toMatchObject({ foundation: 'eu-1', objects, ofObjects: objects });
  });

  describe('of each deletion', () => {
    it('names the object', async () => {
      for (const key of rig.store.keys()) {
        const store = rig.store.copy();
        store.objects.delete(key);

        const { findings } = await rig.verify({ store });

        const isNewestSignature = key === `${D}/2026-03-04.jws`;
        if (isNewestSignature) expect(findings).toEqual([]);
        else expect(findings.map(({ object }) => object)).toContain(key);
      }
    });

    it('calls it missing, once', async () => {
      const expected: Record<string, string[]> = {
        [`${D}/2026-03-03.json`]: [`missing ${D}/2026-03-03.json`],
        [`${D}/2026-03-03.jws`]: [`missing ${D}/2026-03-03.jws`],
        [`${E}/dt=2026-03-01/part-0001.parquet`]: [`missing ${E}/dt=2026-03-01/part-0001.parquet`],
        [`${M}/dt=2026-03-02/r0000.json`]: [`missing ${M}/dt=2026-03-02/r0000.json`],
        [`${M}/dt=2026-03-01/r0000.json`]: [`missing ${M}/dt=2026-03-01/r0000.json`],
      };
      for (const [key, findings] of Object.entries(expected)) {
        const store = rig.store.copy();
        store.objects.delete(key);

        expect(names((await rig.verify({ store, now: rig.now })).findings)).toEqual(findings);
      }
    });

    it('takes a newest digest without a signature for a crashed run, for 26 hours', async () => {
      const store = rig.store.copy();
      store.objects.delete(`${D}/2026-03-04.jws`);
      const at = async (now: string) => rig.verify({ store, now: new Date(now) });

      const young = await at('2026-03-05T07:59:59.999Z');
      expect(names(young.findings).filter((name) => name.startsWith('unsigned'))).toEqual([]);
      expect(names(young.remarks)).toEqual([`pending ${D}/2026-03-04.jws`]);
      expect(names((await at('2026-03-05T08:00:00.000Z')).findings)).toContain(
        `unsigned ${D}/2026-03-04.jws`,
      );
    });

    it('sees a whole day go', async () => {
      const store = rig.store.copy();
      for (const key of store.keys()) if (key.includes('dt=2026-03-01')) store.objects.delete(key);

      expect(names((await rig.verify({ store })).findings)).toEqual([
        `missing ${M}/dt=2026-03-01/r0000.json`,
        `missing ${M}/dt=2026-03-01/r0001.json`,
      ]);
    });

    it('sees everything go', async () => {
      const store = rig.store.copy();
      store.objects.clear();

      expect(names((await rig.verify({ store })).findings)).toEqual(['missing memory:']);
      expect(names((await rig.verify({ store, expected: [rigFoundation()] })).findings)).toEqual([
        `missing ${M}/`,
      ]);
    });

    it('sees all digests go', async () => {
      const store = rig.store.copy();
      for (const key of store.keys('digests/')) store.objects.delete(key);

      expect(names((await rig.verify({ store })).findings)).toEqual(
        expect.arrayContaining([
          `unsigned ${D}/`,
          `unsigned ${M}/dt=2026-03-01/r0000.json`,
          `unsigned ${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-0a1b2c3d.json`,
        ]),
      );
    });
  });

  const rigFoundation = () =>
    digestSchema.parse(JSON.parse(rig.store.text(`${D}/2026-03-04.json`))).foundation;

  describe('of each swap', () => {
    it('names an object', async () => {
      const keys = rig.store.keys();
      for (const [index, a] of keys.entries()) {
        for (const b of keys.slice(index + 1)) {
          const store = rig.store.copy();
          store.put(a, rig.store.bytes(b));
          store.put(b, rig.store.bytes(a));

          const { findings } = await rig.verify({ store });

          const named = findings.map(({ object }) => object);
          expect({ a, b, found: named.includes(a) || named.includes(b) }).toMatchObject({
            found: true,
          });
        }
      }
    });
  });

  describe('of each addition', () => {
    const additions: readonly (readonly [string, string | { of: string }])[] = [
      ['notes.txt', 'hello'],
      ['events/notes.txt', 'hello'],
      [`${E}/notes.txt`, 'hello'],
      [`${E}/dt=2026-03-01/_SUCCESS`, ''],
      [`${E}/dt=2026-03-01/part-00000.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${E}/dt=2026-03-01/part-0001.parquet.crc`, 'x'],
      [`${E}/dt=2026-13-01/part-0000.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${E}/dt=2026-03-01/sub/part-0002.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${E}/dt=2026-03-01/part-0002.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${E}/dt=2026-03-01/part-0002.parquet`, ''],
      [`${E}/dt=2026-03-01/part-0002.parquet`, 'PAR1 no parquet PAR1'],
      [`${E}/dt=2026-03-02/part-0000.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${E}/dt=2026-03-03/part-0001.parquet`, { of: `${E}/dt=2026-03-01/part-0000.parquet` }],
      [`${M}/dt=2026-03-01/r0002.json`, { of: `${M}/dt=2026-03-01/r0001.json` }],
      [`${M}/dt=2026-03-01/r0002.json`, '{}'],
      [`${M}/dt=2026-03-01/r00001.json`, { of: `${M}/dt=2026-03-01/r0001.json` }],
      [`${M}/dt=2025-01-01/r0000.json`, { of: `${M}/dt=2026-03-02/r0000.json` }],
      [`${M}/dt=2026-03-01/r9999999.json`, { of: `${M}/dt=2026-03-01/r0001.json` }],
      [
        `${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-ffffffff.json`,
        { of: `${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-0a1b2c3d.json` },
      ],
      [`${R}/dt=2026-03-02/2026-03-02T05:00:00.000Z-0a1b2c3d.json.bak`, 'x'],
      [`${R}/dt=2026-03-03/2026-03-02T05:00:00.000Z-0a1b2c3d.json`, 'x'],
      [`${D}/2026-03-04.json.old`, 'x'],
      [`${D}/2026-03-01.json`, { of: `${D}/2026-03-02.json` }],
      [`${D}/2026-03-01.jws`, { of: `${D}/2026-03-02.jws` }],
      [`${D}/2026-03-05.json`, { of: `${D}/2026-03-04.json` }],
      [`${D}/2026-03-05.jws`, { of: `${D}/2026-03-04.jws` }],
      [`digests/v1/foundation=eu-2/2026-03-04.json`, { of: `${D}/2026-03-04.json` }],
      [`digests/v1/foundation=EU/2026-03-04.json`, { of: `${D}/2026-03-04.json` }],
      [
        `events/v1/foundation=eu-2/dt=2026-03-01/part-0000.parquet`,
        { of: `${E}/dt=2026-03-01/part-0000.parquet` },
      ],
      [`events/v2/foundation=eu-1/dt=2026-03-01/part-0000.parquet`, 'x'],
    ];

    it.each(additions)('names %s', async (key, body) => {
      const store = rig.store.copy();
      store.put(key, typeof body === 'string' ? body : rig.store.bytes(body.of), rig.now);

      const { findings } = await rig.verify({ store });

      const expected = key.startsWith('digests/v1/foundation=eu-2/')
        ? key
        : key.startsWith('events/v1/foundation=eu-2/')
          ? 'digests/v1/foundation=eu-2/'
          : /-03-05\.jws$/.test(key)
            ? `${D}/2026-03-05.json`
            : key;
      expect(findings.map(({ object }) => object)).toContain(expected);
      expect(names(findings)).toHaveLength(new Set(names(findings)).size);
    });
  });

  it('holds every object against the key that signed, not against any other', async () => {
    const verdict = await rig.verify({ keys: trustKeys([aSigner().publicJwk()]) });

    expect(names(verdict.findings)).toEqual(
      ['04', '03', '02'].map((day) => `wrong_signature ${D}/2026-03-${day}.jws`),
    );
    expect(verdict.foundations).toMatchObject([{ head: null, digests: 0 }]);
  });

  it('finds an anchored head that was cut off', async () => {
    const digest = (day: string) => rig.store.bytes(`${D}/2026-03-${day}.json`);
    const { sha256Hex } = await import('../../lib/domain/digest.ts');
    const heads = [sha256Hex(digest('04')), sha256Hex(digest('02'))];
    const store = rig.store.copy();
    store.objects.delete(`${D}/2026-03-04.json`);
    store.objects.delete(`${D}/2026-03-04.jws`);

    expect((await rig.verify({ heads })).findings).toEqual([]);
    expect((await rig.verify({ store })).findings).toEqual([]);
    expect(names((await rig.verify({ store, heads })).findings)).toEqual([
      `head_cut_off ${heads[0]}`,
    ]);
  });

  it('does not follow a table that its own documents contradict, though it is signed', async () => {
    const liar = await aSmallArchive();
    const [key, signatureKey] = [`${D}/2026-03-04.json`, `${D}/2026-03-04.jws`];
    const digest = digestSchema.parse(JSON.parse(liar.store.text(key)));
    const [first] = digest.days;
    if (!first) throw new Error('no days');
    liar.store.put(
      key,
      digestBytes({ ...digest, days: [{ ...first, events: 2 }, ...digest.days.slice(1)] }),
    );
    liar.store.objects.delete(signatureKey);
    const { compactJws, signingInput } = await import('../../lib/domain/digest-signature.ts');
    const { sha256Hex } = await import('../../lib/domain/digest.ts');
    const input = signingInput(liar.signer.kid, {
      foundation: digest.foundation,
      day: digest.day,
      key,
      sha256: sha256Hex(liar.store.bytes(key)),
      previous: digest.previous?.sha256 ?? null,
      signed_at: digest.signed_at,
    });
    liar.store.put(signatureKey, compactJws(input, await liar.signer.sign(input)));

    expect((await liar.verify()).findings).toMatchObject([
      { kind: 'mismatch', day: '2026-03-01', object: key },
    ]);
    await liar.close();
  });

  it('tells what the table says of days', async () => {
    const sad = await aSmallArchive();
    const loss = {
      kind: 'left_unread',
      dt: aDay('2026-02-27'),
      from: '2026-02-27T00:00:00.000Z',
      to: '2026-02-28T00:00:00.000Z',
      events: null,
      last_seen_at: null,
    } as const;
    await sad.at('2026-03-05T05:00:00Z').run([{ dt: aDay('2026-03-01'), deleted_at_source: 1 }], {
      losses: [loss],
    });
    await sad.revision('2026-03-03', ['c1'], { status: 'partial' });
    await sad.at('2026-03-05T06:00:00Z').digest();

    const { findings, remarks } = await sad.verify();

    expect(findings).toEqual([]);
    expect(remarks.map(({ kind, day }) => `${kind} ${day}`)).toEqual([
      'never_counted 2026-03-03',
      'partial 2026-03-03',
      'deleted_at_source 2026-03-01',
      'not_stored 2026-02-28',
      'lost 2026-02-27',
    ]);
    await sad.close();
  });
});
