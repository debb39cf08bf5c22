import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import { anEventText, aPageText, guidOf } from '../fixtures/event-text.ts';
import { aStageRig, COLLECTED_AT, DAY, type StageRig } from '../support/parquet/stage-rig.ts';

let rig: StageRig;

beforeEach(async () => {
  rig = await aStageRig();
});

afterEach(() => rig.close());

const at = (number: number, time: string): string =>
  anEventText(number, { created_at: `"2026-03-01T${time}Z"` });

/** Adds nothing to the shape, but takes the event off the fast path. */
const ODD = { more: '1' };

describe('addPage', () => {
  it.each([
    ['usual', {}],
    ['odd', ODD],
  ])('tells the last second of a page and the rows before it: %s events', async (_, odd) => {
    const times = ['10:00:00', '10:00:01', '10:00:01', '10:00:02', '10:00:02', '10:00:02'];
    const events = times.map((time, index) =>
      anEventText(index, { created_at: `"2026-03-01T${time}Z"`, ...odd }),
    );

    const facts = await rig.addPage(aPageText(events, 64_478));

    expect(facts).toEqual({
      page: 1,
      totalResults: 64_478,
      rows: 6,
      lastSecond: new Date('2026-03-01T10:00:02Z'),
      rowsBeforeLastSecond: 3,
      ordered: true,
    });
  });

  it('knows no last second of an empty page', async () => {
    const facts = await rig.addPage(aPageText([], 7));

    expect(facts).toEqual({
      page: 1,
      totalResults: 7,
      rows: 0,
      lastSecond: undefined,
      rowsBeforeLastSecond: 0,
      ordered: true,
    });
  });

  it('counts nothing before the last second when all share it', async () => {
    const facts = await rig.addPage(aPageText([at(1, '10:00:00'), at(2, '10:00:00')]));

    expect(facts).toMatchObject({ rowsBeforeLastSecond: 0, ordered: true });
  });

  it('numbers its pages, whatever number they have at the source', async () => {
    const first = await rig.addPage(aPageText([at(1, '10:00:00')]), DAY, 3);
    const second = await rig.addPage(aPageText([at(2, '10:00:00')]), DAY, 3);

    expect([first.page, second.page]).toEqual([1, 2]);
  });

  it.each([
    ['rows that go back', [at(1, '10:00:01'), at(2, '10:00:00')]],
    ['a row before the window', [anEventText(1, { created_at: '"2026-02-28T23:59:59Z"' })]],
    ['a row at the end of the window', [anEventText(1, { created_at: '"2026-03-02T00:00:00Z"' })]],
    ['a row without an instant', [at(1, '10:00:00'), anEventText(2, { created_at: '"?"' })]],
  ])('does not call ordered a page with %s', async (_, events) => {
    expect(await rig.addPage(aPageText(events))).toMatchObject({ ordered: false });
  });

  it('calls ordered a page that begins where its window begins', async () => {
    const facts = await rig.addPage(aPageText([at(1, '00:00:00'), at(2, '23:59:59')]));

    expect(facts).toMatchObject({ ordered: true });
  });

  it('measures order by the window that was asked for', async () => {
    const window = { from: new Date('2026-03-01T10:00:00Z'), to: new Date('2026-03-01T10:00:01Z') };

    expect(await rig.addPage(aPageText([at(1, '10:00:00')]), window)).toMatchObject({
      ordered: true,
    });
    expect(await rig.addPage(aPageText([at(2, '10:00:01')]), window)).toMatchObject({
      ordered: false,
    });
  });

  it('takes a part of a second as it is', async () => {
    const facts = await rig.addPage(aPageText([at(1, '10:00:00.900'), at(2, '10:00:01.100')]));

    expect(facts).toMatchObject({
      lastSecond: new Date('2026-03-01T10:00:01Z'),
      rowsBeforeLastSecond: 1,
    });
  });

  it('reads a page of more than 16 MB', async () => {
    const data = JSON.stringify({ text: 'x'.repeat(4_000) });
    const events = Array.from({ length: 5_000 }, (_, index) => anEventText(index, { data }));

    const facts = await rig.addPage(aPageText(events));

    expect(facts).toMatchObject({ rows: 5_000, totalResults: 5_000, ordered: true });
  });
});

const WHOLE = aPageText([at(1, '10:00:00'), at(2, '10:00:01')]);
const NO_PAGE = 'no `pagination.total_results` and `resources`: not a page of events';
const NO_COUNT = '`pagination.total_results` is no count';

describe('addPage, of a body that is no page', () => {
  it.each([
    ['truncated', WHOLE.slice(0, -30), `the text ends at byte ${WHOLE.length - 30}`],
    ['truncated within an event', WHOLE.slice(0, 300), 'the text ends at byte 300'],
    ['empty', '', 'the text ends at byte 0'],
    ['with more behind it', `${WHOLE}x`, `not JSON at byte ${WHOLE.length}`],
    ['an error with 200', '{"errors":[]}', NO_PAGE],
    ['a list', '[]', NO_PAGE],
    ['null', 'null', NO_PAGE],
    ['HTML', '<html><body>maintenance</body></html>', 'not JSON at byte 0'],
    ['of another list', '{"pagination":{"total_results":1}}', NO_PAGE],
    ['without a count', '{"pagination":{},"resources":[]}', NO_PAGE],
    ['whose resources are no list', '{"pagination":{"total_results":1},"resources":{}}', NO_PAGE],
    ...['"1"', '1.0', '1e3', '-1', 'null', 'true', '12345678901234567890'].map((count) => [
      `whose count is ${count}`,
      `{"pagination":{"total_results":${count}},"resources":[]}`,
      NO_COUNT,
    ]),
  ])('tells which page and why, and stages nothing: %s', async (_, body, why) => {
    const kept = await rig.addPage(aPageText([at(7, '09:00:00')]));

    const refused = rig.addPage(body, DAY, 2);

    await expect(refused).rejects.toMatchObject({
      code: 'PAGE_UNREADABLE',
      retryable: true,
      message: `page 2 of [2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z) cannot be read: ${why}`,
    });
    expect(await rig.stage.guidsOf([{ page: 1 }, { page: 2 }, { page: 3 }])).toMatchObject({
      events: 1,
    });
    expect(await rig.storedRows()).toMatchObject([{ guid: guidOf(7) }]);
    expect(kept.page).toBe(1);
  });

  it('can be followed by the same page, whole', async () => {
    await expect(rig.addPage(WHOLE.slice(0, -5))).rejects.toThrow(ArchiveError);

    const facts = await rig.addPage(WHOLE);

    expect(facts).toMatchObject({ rows: 2 });
    expect(await rig.storedRows()).toHaveLength(2);
  });

  it('is told from a file that cannot be read at all', async () => {
    const folder = join(rig.directory, 'folder');
    await mkdir(folder);

    const failed = rig.stage.addPage(folder, { window: DAY, page: 1 }, COLLECTED_AT);

    await expect(failed).rejects.toMatchObject({
      code: 'WORK_FAILED',
      message: expect.stringMatching(
        /^staging page 1 of \[2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z\) failed: EISDIR/,
      ),
    });
  });
});

describe('guidsOf and scopesOf', () => {
  beforeEach(async () => {
    await rig.addPage(
      aPageText([
        at(1, '10:00:00'),
        anEventText(2, { created_at: '"2026-03-01T10:00:01Z"', space: 'null' }),
        anEventText(3, {
          created_at: '"2026-03-01T10:00:02Z"',
          space: '{"guid":"space-2"}',
          organization: '{"guid":""}',
        }),
      ]),
    );
    await rig.addPage(aPageText([at(1, '10:00:00'), at(4, '10:00:05')]));
  });

  it('count an event of several pages once', async () => {
    const both = await rig.stage.guidsOf([{ page: 1 }, { page: 2 }]);

    expect(both.events).toBe(4);
  });

  it('leave out rows from the cut on', async () => {
    const before = new Date('2026-03-01T10:00:01Z');

    const cut = await rig.stage.guidsOf([{ page: 1, before }]);

    expect(cut.events).toBe(1);
  });

  it('know nothing of no page', async () => {
    expect((await rig.stage.guidsOf([])).events).toBe(0);
    expect(await rig.stage.scopesOf([])).toEqual({ organizations: [], spaces: [] });
  });

  it('list spaces and organizations once, and no empty ones', async () => {
    expect(await rig.stage.scopesOf([{ page: 1 }, { page: 2 }])).toEqual({
      organizations: ['organization-1'],
      spaces: ['space-1', 'space-2'],
    });
  });
});
