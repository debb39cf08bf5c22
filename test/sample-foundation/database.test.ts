import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startSampleFoundation } from '../../lib/sample-foundation/sample-foundation.ts';
import { aClientOf } from '../support/sample-foundation/cloud-controller-client.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

const now = new Date('2026-03-31T00:00:00Z');

describe('FoundationDatabase', () => {
  it('inserts all events of a call or none', async () => {
    await using foundation = await startSampleFoundation({ now });
    const twice = anEventRecord();

    expect(() => foundation.database.insertEvents([anEventRecord(), twice, twice])).toThrow(
      'UNIQUE',
    );
    expect(foundation.database.countByDay().size).toBe(0);
    expect(foundation.database.insertEvents([twice])).toBe(1);
    expect(() => foundation.database.insertEvents([twice])).toThrow('UNIQUE');
  });

  it('inserts a hundred thousand and one events from a generator', async () => {
    await using foundation = await startSampleFoundation({ now });
    const day = micros('2026-03-20T00:00:00Z');
    function* events() {
      for (let number = 0; number < 100_001; number++)
        yield anEventRecord({ created_at: day + number });
    }

    const inserted = foundation.database.insertEvents(events());

    expect(inserted).toBe(100_001);
    expect(foundation.database.countByDay()).toEqual(new Map([['2026-03-20', 100_001]]));
  });

  it('counts and lists by the UTC day of created_at', async () => {
    await using foundation = await startSampleFoundation({ now });
    foundation.database.insertEvents([
      anEventRecord({ guid: 'c', created_at: micros('2026-03-10T23:59:59.999999Z') }),
      anEventRecord({ guid: 'b', created_at: micros('2026-03-11T00:00:00Z') }),
      anEventRecord({ guid: 'a', created_at: micros('2026-03-11T12:00:00Z') }),
      anEventRecord({ guid: 'future', created_at: micros('2026-04-01T00:00:00Z') }),
    ]);

    expect([...foundation.database.countByDay()]).toEqual([
      ['2026-03-10', 1],
      ['2026-03-11', 2],
    ]);
    expect(foundation.database.guidsOfDay('2026-03-11')).toEqual(['a', 'b']);
  });

  it('keeps its records in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sample-foundation-'));
    const databaseFile = join(folder, 'foundation.sqlite');
    const first = await startSampleFoundation({
      now,
      databaseFile,
      records: theRecords({ events: [anEventRecord({ guid: 'kept' })] }),
    });
    await first.close();

    await using second = await startSampleFoundation({ now, databaseFile });

    expect(await (await aClientOf(second)).guids('/v3/audit_events')).toEqual(['kept']);
    await rm(folder, { recursive: true });
  });
});
