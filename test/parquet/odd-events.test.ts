import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventRow } from '../../lib/domain/columns.ts';
import { anEventText, aPageText, eventTexts, guidOf, objectOf } from '../fixtures/event-text.ts';
import { aStageRig, COLLECTED_AT, type StageRig } from '../support/parquet/stage-rig.ts';

let rig: StageRig;

beforeEach(async () => {
  rig = await aStageRig();
});

afterEach(() => rig.close());

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The stored row of an event that stands between two usual ones, and theirs. */
async function storedBetween(
  event: string | Buffer,
): Promise<{ odd: EventRow; others: unknown[] }> {
  const [before = '', after = ''] = aPageText([anEventText(1), 'ODD', anEventText(3)]).split('ODD');
  await rig.addPage(Buffer.concat([Buffer.from(before), Buffer.from(event), Buffer.from(after)]));
  const rows = await rig.storedRows();
  const others = rows.filter(({ guid }) => [guidOf(1), guidOf(3)].includes(guid));
  const odd = rows.filter((row) => !others.includes(row));
  if (odd.length !== 1) throw new Error(`stored ${rows.length} rows`);
  return { odd: odd[0] as EventRow, others };
}

const INSTANT = new Date('2026-03-01T12:00:00Z');

const usualRow = (number: number): Omit<EventRow, 'collected_at'> => ({
  guid: guidOf(number),
  created_at: INSTANT,
  updated_at: INSTANT,
  type: 'audit.app.update',
  actor_guid: 'user-1',
  actor_type: 'user',
  actor_name: 'someone@example.org',
  actor_username: null,
  target_guid: 'app-1',
  target_type: 'app',
  target_name: 'web',
  space_guid: 'space-1',
  space_name: null,
  organization_guid: 'organization-1',
  organization_name: null,
  data: '{"request":{"instances":2}}',
  extra: null,
});

const rawOf = (event: string | Buffer): string => Buffer.from(event).toString('base64');

type Expected = Partial<EventRow> & { readonly extraBesides?: Record<string, unknown> };

/** The row is a usual one but for these columns; `extra` holds `extraBesides`, and `_raw` exactly when the event is not faithful. */
async function expectStored(
  event: string | Buffer,
  faithful: boolean,
  { extraBesides = {}, ...columns }: Expected,
): Promise<void> {
  const { odd, others } = await storedBetween(event);

  expect(others).toEqual([1, 3].map((number) => expect.objectContaining(usualRow(number))));
  const { extra, ...rest } = odd;
  const { extra: _, ...usual } = usualRow(2);
  expect(rest).toEqual({ ...usual, collected_at: COLLECTED_AT, ...columns });
  const expected = { ...extraBesides, ...(faithful ? {} : { _raw: rawOf(event) }) };
  expect(extra === null ? {} : JSON.parse(extra)).toEqual(expected);
  expect(extra === null).toBe(Object.keys(expected).length === 0);
}

const actor = (name: string, more = ''): string =>
  `{"guid":"user-1","type":"user","name":${name}${more}}`;

describe('an odd event that columns and extra can hold', () => {
  it.each<[string, string, Expected]>([
    [
      'unknown fields, in their order',
      anEventText(2, { severity: '"high"', trace: '{"n":[0.5]}' }),
      { extraBesides: { severity: 'high', trace: { n: [0.5] } } },
    ],
    [
      'an unknown field of the actor',
      anEventText(2, { actor: actor('"a"', ',"origin":"ldap"') }),
      { actor_name: 'a', extraBesides: { actor: { origin: 'ldap' } } },
    ],
    [
      'an unknown field of target, space and organization',
      anEventText(2, {
        target: '{"x":1,"guid":"app-1","type":"app","name":"web"}',
        space: '{"guid":"space-1","y":[2]}',
        organization: '{"guid":"organization-1","z":null}',
      }),
      { extraBesides: { target: { x: 1 }, space: { y: [2] }, organization: { z: null } } },
    ],
    [
      'no actor',
      anEventText(2, { actor: 'null' }),
      { actor_guid: null, actor_type: null, actor_name: null, extraBesides: { actor: null } },
    ],
    [
      'no target',
      anEventText(2, { target: 'null' }),
      { target_guid: null, target_type: null, target_name: null, extraBesides: { target: null } },
    ],
    [
      'neither space nor organization',
      anEventText(2, { space: 'null', organization: 'null' }),
      { space_guid: null, organization_guid: null },
    ],
    ['an actor without a name', anEventText(2, { actor: actor('null') }), { actor_name: null }],
    ['an empty name', anEventText(2, { actor: actor('""') }), { actor_name: '' }],
    ['an empty GUID of a space', anEventText(2, { space: '{"guid":""}' }), { space_guid: '' }],
    ['NUL in a name', anEventText(2, { actor: actor('"a\\u0000b"') }), { actor_name: 'a\0b' }],
    [
      'keys in another order',
      objectOf(Object.fromEntries(Object.entries(eventTexts(2)).reverse())),
      {},
    ],
    ['no links', anEventText(2, { links: undefined }), {}],
    [
      'blanks and line ends between everything',
      anEventText(2, { data: ' {"a" :\r\n 1,\t"b":[ ] } ', space: ' { "guid" : "space-1" } ' }),
      { data: '{"a":1,"b":[]}' },
    ],
    ['data null', anEventText(2, { data: 'null' }), { data: 'null' }],
    ['data a list', anEventText(2, { data: '[1,"2"]' }), { data: '[1,"2"]' }],
    ['data a text', anEventText(2, { data: '"text"' }), { data: '"text"' }],
    ['data a number', anEventText(2, { data: '-0' }), { data: '-0' }],
    ['data empty', anEventText(2, { data: '{}' }), { data: '{}' }],
    [
      'whole numbers of any length, and -0',
      anEventText(2, { data: '{"a":18446744073709551617,"b":-9223372036854775809,"c":-0}' }),
      { data: '{"a":18446744073709551617,"b":-9223372036854775809,"c":-0}' },
    ],
    ['a minus zero among blanks', anEventText(2, { data: '{"c": -0 }' }), { data: '{"c":-0}' }],
    [
      'a number beyond every double',
      anEventText(2, { data: '{"a":1e400}' }),
      { data: '{"a":1e400}' },
    ],
    [
      'repeated keys in data',
      anEventText(2, { data: '{"a":1,"a":2,"2":0,"1":0}' }),
      { data: '{"a":1,"a":2,"2":0,"1":0}' },
    ],
    [
      'a lone surrogate in data',
      anEventText(2, { data: '{"a":"\\ud83d","\\udc00":1}' }),
      { data: '{"a":"\\ud83d","\\udc00":1}' },
    ],
    [
      'awkward unknown keys',
      anEventText(2, { __proto_: '1' })
        .replace('__proto_', '__proto__')
        .replace(/}$/, ',"":2,"with \\"quotes\\"":3,"constructor":4}'),
      {
        extraBesides: Object.fromEntries([
          ['__proto__', 1],
          ['', 2],
          ['with "quotes"', 3],
          ['constructor', 4],
        ]),
      },
    ],
    ['an escaped key', anEventText(2).replace('"guid"', '"\\u0067uid"'), {}],
  ])('%s', async (_, event, expected) => {
    await expectStored(event, true, expected);
  });
});

describe('extra', () => {
  it('keeps numbers digit for digit and everything but white space as it was written', async () => {
    const { odd } = await storedBetween(
      anEventText(2, { a: '{"n": 12345678901234567890.10,\n "n":-0}', b: '"\\u00e9"' }),
    );

    expect(odd.extra).toBe('{"a":{"n":12345678901234567890.10,"n":-0},"b":"\\u00e9"}');
  });

  it('may hold lone surrogates without harm to the part', async () => {
    const { odd } = await storedBetween(anEventText(2, { more: '"\\ud83d"' }));
    const part = await rig.writePart();

    expect(odd.extra).toBe('{"more":"\\ud83d"}');
    expect(part).toMatchObject({ events: 3, unrepresentable: 0 });
  });

  it('holds the exact bytes last, where they are counted', async () => {
    const { odd } = await storedBetween(anEventText(2, { _raw: '"e30="', more: '2', links: '{}' }));
    const part = await rig.writePart();

    expect(odd.extra).toMatch(/^\{"more":2,"_raw":"[\w+/]+=*"\}$/);
    expect(part).toMatchObject({ unrepresentable: 1 });
  });
});

describe('an odd event that keeps its exact bytes', () => {
  it.each<[string, string | Buffer, Expected]>([
    [
      'a missing field',
      anEventText(2, { updated_at: undefined, data: undefined }),
      { updated_at: null, data: null },
    ],
    [
      'a wrong type among blanks',
      anEventText(2, { type: '\n 7', data: '{\n  "a": 1\n}' }),
      { type: null, data: '{"a":1}' },
    ],
    ['no space where null belongs', anEventText(2, { space: undefined }), { space_guid: null }],
    [
      'an actor without its type',
      anEventText(2, { actor: '{"guid":"user-1","name":"a"}' }),
      { actor_type: null, actor_name: 'a' },
    ],
    [
      'a space without a GUID',
      anEventText(2, { space: '{"name":"x"}' }),
      { space_guid: null, extraBesides: { space: { name: 'x' } } },
    ],
    [
      'a space whose GUID is null',
      anEventText(2, { space: '{"guid":null}' }),
      { space_guid: null },
    ],
    [
      'wrong types everywhere',
      anEventText(2, {
        updated_at: '1',
        type: '["a"]',
        actor: '"someone"',
        target: '{"guid":1,"type":true,"name":{}}',
        space: '[]',
        organization: 'false',
      }),
      {
        updated_at: null,
        type: null,
        actor_guid: null,
        actor_type: null,
        actor_name: null,
        target_guid: null,
        target_type: null,
        target_name: null,
        space_guid: null,
        organization_guid: null,
      },
    ],
    ['a field twice: the first one counts', anEventText(2).replace(/}$/, ',"type":"second"}'), {}],
    [
      'a field of the actor twice',
      anEventText(2, { actor: actor('"a"', ',"name":"b"') }),
      { actor_name: 'a' },
    ],
    [
      'an escaped key that comes twice',
      anEventText(2).replace(/}$/, ',"\\u0074ype":"second"}'),
      {},
    ],
    [
      'a fraction of a second',
      anEventText(2, { created_at: '"2026-03-01T12:00:00.123Z"' }),
      { created_at: new Date('2026-03-01T12:00:00.123Z') },
    ],
    [
      'a time with an offset',
      anEventText(2, { created_at: '"2026-03-01T13:00:00+01:00"' }),
      { created_at: INSTANT },
    ],
    [
      'a day that no calendar has',
      anEventText(2, { updated_at: '"2026-02-30T12:00:00Z"' }),
      { updated_at: null },
    ],
    ['an hour 24', anEventText(2, { updated_at: '"2026-03-01T24:00:00Z"' }), { updated_at: null }],
    [
      'a time that means another one elsewhere',
      anEventText(2, { updated_at: '"2026-03-01T12:00:00"' }),
      { updated_at: null },
    ],
    ['a number as a time', anEventText(2, { updated_at: '"1"' }), { updated_at: null }],
    [
      'no created_at: it stands where the event before it stands',
      anEventText(2, { created_at: 'null' }),
      {},
    ],
    [
      'invalid UTF-8 in data',
      bytes(anEventText(2, { data: '{"a":"\xff\xc3"}' })),
      { data: '{"a":"\ufffd\ufffd"}' },
    ],
    [
      'invalid UTF-8 in a name',
      bytes(anEventText(2, { actor: actor('"a\xe9b"') })),
      { actor_name: 'a\ufffdb' },
    ],
    [
      'invalid UTF-8 in a key of data',
      bytes(anEventText(2, { data: '{"\xff":1}' })),
      { data: '{"\ufffd":1}' },
    ],
    [
      'invalid UTF-8 in a key of the event',
      bytes(anEventText(2, { '\xff': '1' })),
      { extraBesides: { '\ufffd': 1 } },
    ],
    [
      'a lone surrogate in a name',
      anEventText(2, { actor: actor('"a\\ud83db"') }),
      { actor_name: 'a\ufffdb' },
    ],
    [
      'a raw control character in a name',
      anEventText(2, { actor: actor('"a\u0001b"') }),
      { actor_name: 'a\u0001b' },
    ],
    [
      'a raw control character in data',
      anEventText(2, { data: '{"a":"line\nline"}' }),
      { data: null },
    ],
    ['an unknown escape', anEventText(2, { data: '{"a":"\\x41"}' }), { data: null }],
    ['NaN in data, which is not JSON', anEventText(2, { data: '{"a":NaN}' }), { data: null }],
    ['Infinity in an unknown field', anEventText(2, { load: '[-Infinity]' }), {}],
    [
      'a field called _raw',
      anEventText(2, { _raw: '{"mine":1}', more: '2' }),
      { extraBesides: { more: 2 } },
    ],
  ])('%s', async (_, event, expected) => {
    await expectStored(event, false, expected);
  });

  it.each(['null', '42', '"event"', '[]', '{}', 'true'])(
    '%s is stored as an event',
    async (event) => {
      const nothing = Object.fromEntries(Object.keys(usualRow(2)).map((column) => [column, null]));

      const { odd } = await storedBetween(event);

      expect(odd).toMatchObject({
        ...nothing,
        guid: expect.stringMatching(/^unidentified-[0-9a-f]{32}$/),
        created_at: INSTANT,
        extra: JSON.stringify({ _raw: rawOf(event) }),
      });
    },
  );
});

describe('an event without a GUID', () => {
  const nameless = anEventText(0, { guid: undefined });

  it('survives beside others with the same bytes, and is found again', async () => {
    const other = anEventText(0, { guid: '7' });
    const page = aPageText([nameless, other, nameless, anEventText(1), nameless]);

    await rig.addPage(page);
    const first = await rig.writePart();
    const again = await aStageRig();
    await again.addPage(page);
    const second = await again.writePart();
    const supplement = await again.writePart({ storedParts: [first?.file ?? ''] });
    await again.close();

    expect(first?.events).toBe(5);
    expect(second?.guidDigest).toBe(first?.guidDigest);
    expect(supplement).toBeUndefined();
  });

  it('is stored once when a page is read twice', async () => {
    await rig.addPage(aPageText([nameless, nameless]));
    await rig.addPage(aPageText([nameless, nameless]));

    expect(await rig.storedRows()).toHaveLength(2);
  });
});

describe('a page', () => {
  it.each([
    [
      'blanks everywhere',
      ' \n\t{ "pagination" : { "total_results" : 1 } ,\r\n "resources" : [ @ ] } \r\n',
    ],
    [
      'its members in another order',
      '{"resources":[@],"included":{},"pagination":{"total_results":1}}',
    ],
  ])('may have %s', async (_, page) => {
    await rig.addPage(page.replace('@', anEventText(2)));

    expect(await rig.storedRows()).toMatchObject([usualRow(2)]);
  });

  it('may hold an event of 20 MB', async () => {
    const text = 'x\\u00e9\\n'.repeat(20 * 2 ** 17);
    const event = anEventText(2, { data: `{"text":"${text}"}` });

    await rig.addPage(aPageText([anEventText(1), event, anEventText(3)]));
    const rows = await rig.storedRows();

    expect(rows).toHaveLength(3);
    expect(JSON.parse(rows[1]?.data ?? '')).toEqual({ text: 'xé\n'.repeat(20 * 2 ** 17) });
  });

  it('may hold an odd event of 20 MB', async () => {
    const event = anEventText(2, {
      data: `{"text":"\\ud83d${'x'.repeat(20 * 2 ** 20)}"}`,
      more: '1',
    });

    await rig.addPage(aPageText([anEventText(1), event, anEventText(3)]));
    const rows = await rig.storedRows();

    expect(rows.map(({ guid }) => guid)).toEqual([1, 2, 3].map(guidOf));
    expect(rows[1]?.data?.length).toBe(20 * 2 ** 20 + '{"text":"\\ud83d"}'.length);
  });
});
