import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDuckDB, setMemoryLimit } from '../../lib/duckdb/open-duckdb.ts';
import { STAGED_COLUMNS } from '../../lib/parquet/page-sql.ts';
import { stagePage } from '../../lib/parquet/stage-page.ts';
import { anEventText, aPageText, guidOf } from '../fixtures/event-text.ts';
import { aStageRig, DAY, type StageRig } from '../support/parquet/stage-rig.ts';

let rig: StageRig;

beforeEach(async () => {
  rig = await aStageRig();
});

afterEach(() => rig.close());

describe('a stage of many pages', () => {
  it('holds them all, although its file is closed and opened again on the way', async () => {
    const pages = 420;
    for (let page = 0; page < pages; page += 1) await rig.addPage(aPageText([anEventText(page)]));

    const part = await rig.writePart();

    expect(part?.events).toBe(pages);
  });
});

describe('stagePage', () => {
  it('takes more memory for a page that does not fit, before it reads event by event', async () => {
    const instance = await openDuckDB({ tempDirectory: join(rig.directory, 'spill'), threads: 1 });
    const connection = await instance.connect();
    await connection.run(
      `CREATE TABLE staged (page INTEGER, seq INTEGER, ${STAGED_COLUMNS.join(', ')}, collected_at TIMESTAMP_MS)`,
    );
    const file = join(rig.directory, 'page.json');
    const note = `{"note":"${'x'.repeat(2_000)}"}`;
    const events = Array.from({ length: 5_000 }, (_, index) => anEventText(index, { data: note }));
    await writeFile(file, aPageText(events));
    await setMemoryLimit(connection, '24MB');
    let asked = 0;

    const staged = await stagePage(connection, {
      file,
      page: 1,
      request: { window: DAY, page: 1 },
      collectedAt: new Date('2026-03-02T04:00:00Z'),
      withMoreMemory: async (task) => {
        asked += 1;
        await setMemoryLimit(connection, '512MB');
        return task();
      },
    });

    expect(asked).toBe(1);
    expect(staged).toEqual({ totalResults: 5_000, dated: true });
    const rows = await connection.runAndReadAll('SELECT count(*), max(guid) FROM staged');
    expect(rows.getRows()).toEqual([[5_000n, guidOf(4_999)]]);
    connection.closeSync();
    instance.closeSync();
  });
});
