import { describe, expect, it } from '@jest/globals';
import { typeHints } from '../../lib/cli/type-hints.ts';

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
