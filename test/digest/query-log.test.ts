import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QuestionRow } from '../../lib/domain/question-columns.ts';
import { questionRow } from '../../lib/domain/question-columns.ts';
import { readQuestion } from '../../lib/domain/question-entry.ts';
import { ArchiveRig, aQuestionedArchive, names } from './support/archive-rig.ts';
import type { MemoryObjectStore } from './support/memory-object-store.ts';

const DAYS = 'queries/v1/days/foundation=eu-1';
const FIRST = `${DAYS}/dt=2026-03-02/part-0000.parquet`;
const SECOND = `${DAYS}/dt=2026-03-03/part-0000.parquet`;

let rig: ArchiveRig;
let entries: string[];
beforeAll(async () => {
  rig = await aQuestionedArchive();
  entries = rig.store.keys('queries/v1/foundation=');
});
afterAll(() => rig.close());

async function findings(tamper: (store: MemoryObjectStore) => void | Promise<void>) {
  const store = rig.store.copy();
  await tamper(store);
  return names((await rig.verify({ store })).findings);
}

const rowOf = (key: string): QuestionRow => {
  const row = readQuestion(key, rig.store.bytes(key));
  if (row === undefined) throw new Error(key);
  return row;
};

/** The bytes of a rolled day with these rows. */
async function fileOf(rows: readonly QuestionRow[]): Promise<Uint8Array> {
  const file = join(rig.directory, 'forged.parquet');
  await rig.questionDays.write(rows, file);
  return readFile(file);
}

describe('verify and the query log', () => {
  it('finds nothing wrong with a log as it was written: each question signed and, when its day is over, in one file', async () => {
    const { findings: found, remarks } = await rig.verify();

    expect(names(found)).toEqual([]);
    expect(names(remarks).filter((name) => name.includes('queries/'))).toEqual([]);
    expect(entries).toHaveLength(5);
    expect(rig.store.keys(DAYS)).toEqual([FIRST, SECOND]);
    const newest = JSON.parse(rig.store.text('digests/v1/foundation=eu-1/2026-03-04.json'));
    expect(newest.objects.map(({ key }: { key: string }) => key)).toEqual([SECOND, entries[4]]);
  });

  it('names each object that is deleted or altered', async () => {
    for (const key of rig.store.keys('queries/')) {
      expect(await findings((store) => void store.objects.delete(key))).toEqual([`missing ${key}`]);
      const bytes = Buffer.from(rig.store.bytes(key));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      expect(await findings((store) => store.put(key, bytes))).toEqual([`altered ${key}`]);
    }
  });

  it('names what was slipped in', async () => {
    const [entry = ''] = entries;
    const slipped = entry.replace(/-[0-9a-f]+\.json$/, '-ff.json');
    const late = 'queries/v1/days/foundation=eu-1/dt=2026-03-02/part-0001.parquet';
    const odd = 'queries/v1/foundation=eu-1/dt=2026-03-02/notes.json';

    expect(await findings((store) => store.put(slipped, rig.store.bytes(entry)))).toEqual([
      `unsigned ${slipped}`,
    ]);
    expect(await findings((store) => store.put(slipped, '{}'))).toEqual([`invalid ${slipped}`]);
    expect(await findings((store) => store.put(odd, '{}'))).toEqual([`extra ${odd}`]);
    const [before, now] = [new Date('2026-03-03T00:00:00Z'), rig.now];
    expect(await findings((store) => store.put(late, 'x', before))).toEqual([
      `invalid ${late}`,
      `unsigned ${late}`,
    ]);
    expect(await findings((store) => store.put(late, 'x', now))).toEqual([`invalid ${late}`]);
  });

  it('holds rolled rows against the entries', async () => {
    const [ann = '', bob = ''] = entries;
    const forged = { ...rowOf(bob), user_name: 'somebody else' };
    const invented = questionRow(
      '2026-03-02T05:00:00.000Z-ab',
      JSON.parse(rowOf(bob).entry),
      rowOf(bob).entry,
    );
    const sign = async (rows: readonly QuestionRow[]) => {
      const other = await ArchiveRig.open();
      try {
        for (const key of rig.store.keys()) {
          if (!key.includes('digests/') && key !== FIRST) {
            other.store.put(key, rig.store.bytes(key));
          }
        }
        other.store.put(FIRST, await fileOf(rows));
        await other.at('2026-03-04T06:00:00.000Z').digest();
        return names((await other.verify()).findings);
      } finally {
        await other.close();
      }
    };
    const all = entries.slice(0, 3).map(rowOf);

    expect(await sign(all)).toEqual([]);
    expect(await sign([rowOf(ann), forged, ...all.slice(2)])).toEqual([`mismatch ${FIRST}`]);
    expect(await sign([...all, invented])).toEqual([`mismatch ${FIRST}`]);
    expect(await sign([...all, rowOf(entries[3] ?? '')])).toEqual([`mismatch ${FIRST}`]);
    // A question left out of the table that everybody reads.
    expect(await sign(all.slice(1))).toEqual([`mismatch ${FIRST}`]);
  });

  it('finds a question that was rolled twice', async () => {
    const found = await findings(async (store) => {
      store.put(
        'queries/v1/days/foundation=eu-1/dt=2026-03-02/part-0001.parquet',
        await fileOf([rowOf(entries[0] ?? '')]),
        new Date('2026-03-04T06:30:00Z'),
      );
    });

    expect(found).toEqual([
      'duplicate queries/v1/days/foundation=eu-1/dt=2026-03-02/part-0001.parquet',
    ]);
  });

  it('waits for the next digest for what is new, also for a question that was on its way while the last was made', async () => {
    const live = await aQuestionedArchive();
    await live.at('2026-03-04T05:59:59.000Z').question('on its way');
    await live.at('2026-03-05T05:00:00.000Z').question('new');
    await live.at('2026-03-05T05:59:00.000Z').roll();

    const before = await live.verify();
    await live.at('2026-03-05T06:00:00.000Z').digest();
    const after = await live.verify();
    await live.close();

    expect(names(before.findings)).toEqual([]);
    expect(before.remarks.filter(({ kind }) => kind === 'pending')).toHaveLength(3);
    expect(names(after.findings)).toEqual([]);
    expect(names(after.remarks).filter((name) => name.includes('queries/'))).toEqual([]);
  });

  it('says what was never signed', async () => {
    const live = await aQuestionedArchive();
    await live.at('2026-03-04T06:30:00.000Z').question('forgotten');
    await live.at('2026-03-05T06:00:00.000Z').verify();
    const late = await live.at('2026-03-05T09:00:00.000Z').verify();
    await live.close();

    expect(names(late.findings)).toEqual([
      expect.stringMatching(/^unsigned queries\/v1\/foundation=eu-1\/dt=2026-03-04\//),
      'digest_overdue digests/v1/foundation=eu-1/',
    ]);
  });

  it('verifies one foundation alone, with its log', async () => {
    const key = rig.store.keys('queries/v1/days/')[0] ?? '';
    const store = rig.store.copy();
    store.objects.delete(key);
    const odd = ['queries/v1/', 'queries/v1/days/'].map((each) => `${each}foundation=eu-1/odd`);
    for (const each of odd) store.put(each, 'x');

    const { findings: found } = await rig.verify({ store, only: 'eu-1' as never });

    expect(names(found).sort()).toEqual([`extra ${odd[1]}`, `extra ${odd[0]}`, `missing ${key}`]);
  });
});
