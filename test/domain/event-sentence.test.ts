import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COLUMNS, type EventRow } from '../../lib/domain/columns.ts';
import { eventSentence } from '../../lib/domain/event-sentence.ts';
import { SENTENCE_TEMPLATES } from '../../lib/domain/event-sentence-templates.ts';
import EVENT_TYPES from '../../lib/sample-foundation/generator/event-types.json' with {
  type: 'json',
};

/** A row of which nothing is known but what is given. */
const aBareRow = (over: Partial<EventRow> = {}): EventRow =>
  ({
    ...Object.fromEntries(COLUMNS.map(({ name }) => [name, null])),
    guid: 'e-1',
    ...over,
  }) as EventRow;

const aRow = (over: Partial<EventRow> = {}): EventRow =>
  aBareRow({
    type: 'audit.app.delete-request',
    actor_guid: 'user-1',
    actor_type: 'user',
    actor_name: 'ann@example.org',
    target_guid: 'app-1',
    target_type: 'app',
    target_name: 'checkout',
    space_guid: 'space-1',
    space_name: 'payments',
    organization_guid: 'organization-1',
    organization_name: 'shop',
    data: '{}',
    ...over,
  });

const types = EVENT_TYPES.map(({ type }) => type);

describe('eventSentence', () => {
  it('has a sentence for each of the 149 types and for no other', () => {
    expect(types).toHaveLength(149);
    expect(Object.keys(SENTENCE_TEMPLATES).sort()).toEqual([...types].sort());
  });

  it('says something else of every type but of those that only have a new name', () => {
    const sentences = EVENT_TYPES.filter(({ status }) => status === 'current').map(
      ({ type, target_types: [target_type = null] }) =>
        eventSentence(aRow({ type, target_type, data: '{}' })),
    );

    expect(sentences.filter((each, index) => sentences.indexOf(each) !== index)).toEqual([]);
  });

  it.each<[over: Partial<EventRow>, sentence: string]>([
    [{}, 'ann@example.org deleted app checkout in space payments'],
    [{ space_name: null }, 'ann@example.org deleted app checkout in space space-1'],
    [{ target_name: '' }, 'ann@example.org deleted app app-1 in space payments'],
    [
      { target_name: '', target_guid: null, space_guid: null, space_name: null },
      'ann@example.org deleted an app in organization shop',
    ],
    [
      { type: 'audit.user.space_developer_add', target_type: 'user', target_name: 'bob' },
      'ann@example.org gave user bob the role space developer in space payments',
    ],
    [
      { type: 'audit.space.create', target_type: 'space', target_name: 'payments' },
      'ann@example.org created space payments in organization shop',
    ],
    [
      {
        type: 'audit.app.process.crash',
        actor_type: 'process',
        data: '{"index":2,"exit_description":"APP/PROC/WEB:\\n  Exited with status 137"}',
      },
      'Instance 2 of app checkout crashed in space payments: APP/PROC/WEB: Exited with status 137',
    ],
    [
      { type: 'audit.app.process.crash', data: '{"reason":"CRASHED"}' },
      'An instance of app checkout crashed in space payments: CRASHED',
    ],
    [
      { type: 'audit.app.map-route', data: '{"route_guid":"r-1"}' },
      'ann@example.org mapped route r-1 to app checkout in space payments',
    ],
    [
      { type: 'audit.app.ssh-unauthorized', actor_guid: 'unknown-user-guid', actor_name: '' },
      'an unknown user was refused SSH access to app checkout in space payments',
    ],
    [
      {
        type: 'blob.remove_orphan',
        actor_type: 'system',
        actor_name: 'system',
        target_name: '',
        target_guid: 'buildpacks/ab/cd',
        space_guid: null,
        space_name: null,
        organization_guid: null,
        organization_name: null,
      },
      'Cloud Controller removed orphaned blob buildpacks/ab/cd',
    ],
    [
      { type: 'audit.widget.frobnicate', target_name: 'w-1' },
      'ann@example.org: frobnicate widget w-1 in space payments',
    ],
    [
      { type: 'audit.app.gadget.spin-up_now', target_name: '', target_guid: null },
      'ann@example.org: spin up now app gadget in space payments',
    ],
    [{ type: 'constructor' }, 'ann@example.org: constructor checkout in space payments'],
    [{ type: '' }, 'ann@example.org: an event without a type on checkout in space payments'],
    [
      { target_name: '{actor} [x|{data:y}]', actor_name: '$& {target}' },
      '$& {target} deleted app {actor} [x|{data:y}] in space payments',
    ],
  ])('tells %j', (over, sentence) => {
    expect(eventSentence(aRow(over))).toBe(sentence);
  });

  it.each(types)('tells %s whatever the event lacks', (type) => {
    for (const row of [aBareRow({ type }), aRow({ type }), aRow({ type, data: 'no JSON' })]) {
      expect(eventSentence(row)).toMatch(/^\S[^[\]{}|]*[^\s:,({[]$/);
      expect(eventSentence(row)).not.toMatch(/undefined|null| {2}/);
    }
  });

  it('never throws and never leaves a gap, whatever the type is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (type) => {
        expect(eventSentence(aRow({ type }))).toMatch(/^ann@example\.org: \S/);
        expect(eventSentence(aBareRow({ type }))).toMatch(/^someone: \S/);
      }),
    );
  });
});
