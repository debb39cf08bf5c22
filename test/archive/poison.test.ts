import { afterEach, describe, expect, it } from '@jest/globals';
import { COLUMNS, type EventRow } from '../../lib/domain/columns.ts';
import { eventJson } from '../../lib/domain/event-json.ts';
import { anEventText, aPageText, guidOf } from '../fixtures/event-text.ts';
import { type ArchiveRig, anArchiveRig } from '../support/archive/archive-rig.ts';

let rig: ArchiveRig;
afterEach(() => rig.close());

const DAY = '2026-03-11';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An event of the day as Cloud Controller's text, its `created_at` moved there. */
const onTheDay = (text: string): string => text.replaceAll('2026-03-01T', `${DAY}T`);

/** Let the source answer with this body whenever it is asked for the day. */
const answerWith = (body: Buffer) =>
  rig.sample.faults.add({
    on: ({ query }) => decodeURIComponent(query).includes(`[gte]=${DAY}T00:00:00Z`),
    fault: {
      kind: 'replaced',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body,
    },
  });

/** One event each of what may go wrong, and whether columns and `extra` can hold it. */
const ODD: readonly (readonly [string, Buffer, boolean])[] = [
  ['invalid UTF-8', latin1(anEventText(2, { data: '{"name":"\xff\xfe"}' })), false],
  ['a lone surrogate', Buffer.from(anEventText(3, { data: '{"name":"\\ud83d"}' })), true],
  ['NUL', Buffer.from(anEventText(4, { data: '{"name":"a\\u0000b"}' })), true],
  [
    'a number beyond any type',
    Buffer.from(anEventText(5, { data: `{"n":${'9'.repeat(400)}}` })),
    true,
  ],
  ['duplicate keys', Buffer.from(anEventText(6, { data: '{"a":1,"a":2}' })), true],
  ['a missing field', Buffer.from(anEventText(7).replace(/"type":"[^"]*",/, '')), false],
  [
    'a wrongly typed field',
    Buffer.from(anEventText(8).replace(/"type":"[^"]*"/, '"type":7')),
    false,
  ],
  ['an unknown top-level field', Buffer.from(anEventText(9, { more: '{"x":[1,2]}' })), true],
  ['20 MB', Buffer.from(anEventText(10, { data: `{"text":"${'x'.repeat(20 * 2 ** 20)}"}` })), true],
  [
    'a type that objects have a setter for',
    Buffer.from(anEventText(11, { type: '"__proto__"' })),
    true,
  ],
];

describe('a run that meets poison', () => {
  it('stores every event, names those that columns cannot hold, and harms no other', async () => {
    rig = await anArchiveRig();
    const events = [Buffer.from(anEventText(1)), ...ODD.map(([, text]) => text)];
    const [before = '', after = ''] = aPageText(['EVENTS'], events.length).split('EVENTS');
    const listed = events.flatMap((event, index) => (index === 0 ? [event] : [latin1(','), event]));
    const page = Buffer.concat([latin1(before), ...listed, latin1(after)]);
    answerWith(Buffer.from(onTheDay(page.toString('latin1')), 'latin1'));

    const { days } = await rig.run();

    expect(days.find(({ day }) => day === DAY)).toMatchObject({ kind: 'archived', added: 11 });
    const unrepresentable = ODD.flatMap(([, , fits], index) => (fits ? [] : [guidOf(index + 2)]));
    expect(await rig.archivedGuids(DAY)).toEqual(
      events.map((_, index) => guidOf(index + 1)).sort(),
    );
    const manifests = await rig.manifests(DAY);
    expect(manifests).toMatchObject([{ events: 11, unrepresentable: unrepresentable.length }]);
    expect(Object.entries(manifests[0]?.events_by_type ?? {})).toEqual([
      ['', 2],
      ['__proto__', 1],
      ['audit.app.update', 8],
    ]);
    const [report] = await rig.reports();
    expect(report?.days.find(({ dt }) => dt === DAY)).toMatchObject({
      result: 'archived',
      unrepresentable_guids: unrepresentable,
    });
    const rows = await rig.archivedColumns(DAY, ['guid', 'data', 'extra']);
    const row = (number: number) => rows.find(({ guid }) => guid === guidOf(number));
    expect(row(1)?.extra ?? null).toBeNull();
    for (const [index, [, text, fits]] of ODD.entries()) {
      const raw = /"_raw":"(?<base64>[^"]*)"/.exec(String(row(index + 2)?.extra ?? ''))?.groups;
      const original = onTheDay(text.toString('latin1'));
      expect(raw && Buffer.from(raw.base64 ?? '', 'base64').toString('latin1')).toEqual(
        fits ? undefined : original,
      );
    }
    expect(String(row(10)?.data).length).toBe(20 * 2 ** 20 + '{"text":""}'.length);
  });

  it('stores no white space of an indented page', async () => {
    rig = await anArchiveRig();
    const data = '{"request":{"recursive":true,"instances":2}}';
    const events = [anEventText(1, { data }), anEventText(2, { data: '{}', more: '{"x":[1,2]}' })];
    const page = JSON.stringify(JSON.parse(onTheDay(aPageText(events))), null, 2);
    answerWith(Buffer.from(page));

    await rig.run();

    const rows = await rig.archivedColumns(
      DAY,
      COLUMNS.map(({ name }) => name),
    );
    expect(rows).toMatchObject([
      { guid: guidOf(1), data, extra: null },
      { guid: guidOf(2), data: '{}', extra: '{"more":{"x":[1,2]}}' },
    ]);
    expect(rows.map((row) => eventJson(row as unknown as EventRow))).toEqual([
      onTheDay(anEventText(1, { data, links: undefined })),
      onTheDay(anEventText(2, { data: '{}', links: undefined, more: '{"x":[1,2]}' })),
    ]);
  });
});
