import { describe, expect, it } from '@jest/globals';
import { questionHints, typeHints } from '../../lib/cli/type-hints.ts';
import { ACTOR_TYPES, TARGET_TYPES } from '../../lib/domain/actor-and-target-types.ts';
import EVENT_TYPES from '../../lib/sample-foundation/generator/event-types.json' with {
  type: 'json',
};

describe('typeHints', () => {
  it.each([
    [
      'audit.app.craete',
      '--type audit.app.craete: no event type that is known; did you mean audit.app.create?',
    ],
    ['audit.ap.*', '--type audit.ap.*: no event type that is known; did you mean audit.app.*?'],
    ['audit.widget.frobnicate', '--type audit.widget.frobnicate: no event type that is known'],
  ])('of %s', (type, hint) => {
    expect(typeHints('--type', [type])).toEqual([hint]);
  });

  it.each(['audit.app.create', 'audit.app.*', 'audit.*', 'app.crash', '*'])(
    'has nothing to say of %s',
    (type) => {
      expect(typeHints('--type', [type])).toEqual([]);
    },
  );

  it('has nothing to say when no type was asked for', () => {
    expect(typeHints('--type', undefined)).toEqual([]);
  });
});

describe('questionHints', () => {
  it.each([
    [
      { actorType: ['usr'] },
      '--actor-type usr: no type of an actor that is known; did you mean user?',
    ],
    [
      { targetType: ['App'] },
      '--target-type App: no type of a target that is known; did you mean app?',
    ],
    [
      { targetType: ['app', 'serviceinstance'] },
      '--target-type serviceinstance: no type of a target that is known; did you mean service_instance?',
    ],
    [
      { actorType: ['somebody-else'] },
      '--actor-type somebody-else: no type of an actor that is known; known are user, process, app, system, service_broker',
    ],
    [
      { notType: ['audit.app.craete'] },
      '--not-type audit.app.craete: no event type that is known; did you mean audit.app.create?',
    ],
  ])('of %j', (asked, hint) => {
    expect(questionHints(asked)).toEqual([hint]);
  });

  it('has nothing to say of what Cloud Controller writes', () => {
    const actorType = EVENT_TYPES.flatMap(({ actor_types }) => actor_types);
    const targetType = EVENT_TYPES.flatMap(({ target_types }) => target_types);

    expect(questionHints({ actorType, targetType })).toEqual([]);
    expect([new Set(actorType).size, new Set(targetType).size]).toEqual([
      ACTOR_TYPES.length,
      TARGET_TYPES.length,
    ]);
  });
});
