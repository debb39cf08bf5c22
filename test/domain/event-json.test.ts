import { describe, expect, it } from '@jest/globals';
import type { EventRow } from '../../lib/domain/columns.ts';
import { eventJson, rawEventText } from '../../lib/domain/event-json.ts';

const aRow = (over: Partial<EventRow> = {}): EventRow => ({
  guid: 'event-1',
  created_at: new Date('2026-03-01T12:00:00Z'),
  updated_at: new Date('2026-03-01T12:00:01Z'),
  type: 'audit.app.start',
  actor_guid: 'user-1',
  actor_type: 'user',
  actor_name: 'someone@example.org',
  actor_username: null,
  target_guid: 'app-1',
  target_type: 'app',
  target_name: 'web',
  space_guid: 'space-1',
  space_name: 'production',
  organization_guid: 'organization-1',
  organization_name: 'shop',
  data: '{"n":12345678901234567890,"b":1,"a":2}',
  extra: null,
  collected_at: new Date('2026-03-02T04:00:00Z'),
  ...over,
});

describe('eventJson', () => {
  it('is the event as Cloud Controller sends it, data as it was written', () => {
    expect(eventJson(aRow())).toBe(
      '{"guid":"event-1","created_at":"2026-03-01T12:00:00Z","updated_at":"2026-03-01T12:00:01Z","type":"audit.app.start",' +
        '"actor":{"guid":"user-1","type":"user","name":"someone@example.org"},"target":{"guid":"app-1","type":"app","name":"web"},' +
        '"data":{"n":12345678901234567890,"b":1,"a":2},"space":{"guid":"space-1"},"organization":{"guid":"organization-1"}}',
    );
  });

  it('adds links on demand, escaped', () => {
    const json = eventJson(aRow({ guid: 'not a/guid' }), { api: 'https://api.example.org' });

    expect(JSON.parse(json).links).toEqual({
      self: { href: 'https://api.example.org/v3/audit_events/not%20a%2Fguid' },
    });
  });

  it('adds names on demand, null where none is known', () => {
    const { space, organization } = JSON.parse(
      eventJson(aRow({ organization_name: null }), { names: true }),
    );

    expect(space).toEqual({ guid: 'space-1', name: 'production' });
    expect(organization).toEqual({ guid: 'organization-1', name: null });
  });

  it.each<[string, Partial<EventRow>, Record<string, unknown>]>([
    ['no space', { space_guid: null, space_name: null }, { space: null }],
    ['an empty space', { space_guid: '' }, { space: { guid: '' } }],
    ['no actor', { actor_guid: null, extra: '{"actor":null}' }, { actor: null }],
    [
      'an actor of nulls',
      { actor_guid: null, actor_type: null, actor_name: null },
      { actor: { guid: null, type: null, name: null } },
    ],
    ['no data', { data: null }, { data: null }],
    ['no instant', { updated_at: null }, { updated_at: null }],
    [
      'unknown fields of a space',
      { extra: '{"space":{"x":1}}' },
      { space: { guid: 'space-1', x: 1 } },
    ],
    ['unknown fields', { extra: '{"severity":"high"}' }, { severity: 'high' }],
    ['its raw bytes kept apart', { extra: '{"_raw":"e30="}' }, { guid: 'event-1' }],
  ])('shows %s', (_, row, expected) => {
    const event = JSON.parse(eventJson(aRow(row)));

    expect(event).toMatchObject(expected);
    expect(event).not.toHaveProperty('_raw');
  });

  it('shows no name of a space that is not there', () => {
    const event = JSON.parse(
      eventJson(aRow({ space_guid: null, space_name: null }), { names: true }),
    );

    expect(event.space).toBeNull();
  });

  it('is one line, also of a row that was stored with indentation', () => {
    const json = eventJson(
      aRow({
        data: '{\n  "a": 1.10,\n  "a": [ ]\n}',
        extra: '{"actor":{"o": "a b"},"m":{\r\n\t"\\" ": " \\\\" } }',
      }),
    );

    expect(json).toContain('"name":"someone@example.org","o":"a b"},');
    expect(json).toContain('"data":{"a":1.10,"a":[]},');
    expect(json.endsWith(',"m":{"\\" ":" \\\\"}}')).toBe(true);
  });

  it('keeps unknown fields as they were written, after the known ones', () => {
    const json = eventJson(aRow({ extra: '{"__proto__":1e400,"":-0,"actor":{"n": 1.10}}' }));

    expect(json).toContain('"name":"someone@example.org","n":1.10}');
    expect(json.endsWith('"organization":{"guid":"organization-1"},"__proto__":1e400,"":-0}')).toBe(
      true,
    );
  });
});

describe('rawEventText', () => {
  it('is what an unfaithful event came as', () => {
    const raw = Buffer.from('{"guid":7}').toString('base64');

    expect(rawEventText(aRow({ extra: JSON.stringify({ more: 1, _raw: raw }) }))).toBe(
      '{"guid":7}',
    );
  });

  it('is undefined for every other event', () => {
    expect(rawEventText(aRow())).toBeUndefined();
    expect(rawEventText(aRow({ extra: '{"more":1}' }))).toBeUndefined();
  });
});
