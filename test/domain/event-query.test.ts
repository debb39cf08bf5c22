import { describe, expect, it } from '@jest/globals';
import { queryFingerprint } from '../../lib/domain/event-query.ts';
import { anEventQuery } from '../support/event-queries.ts';
import { anEventRow } from '../support/event-rows.ts';
import { matchesQuery } from '../support/reference-filter.ts';

const GUID = 'ad5f4016-7c1e-4b0f-9d3a-0c2f8be6f0ab';
const UPPER = GUID.toUpperCase();
const found = (row: Record<string, string>, asked: Record<string, string[]>): boolean =>
  matchesQuery(
    anEventRow({ created_at: new Date('2026-03-10T08:00:00Z'), ...row }),
    anEventQuery(asked),
  );

describe('a GUID in upper case', () => {
  it.each([
    ['guids', 'guid'],
    ['actors', 'actor_guid'],
    ['targets', 'target_guid'],
    ['spaces', 'space_guid'],
    ['organizations', 'organization_guid'],
  ])('among %s finds what is stored in lower case', (filter, column) => {
    expect(found({ [column]: GUID }, { [filter]: [UPPER] })).toBe(true);
    expect(found({ [column]: GUID }, { [filter]: [GUID] })).toBe(true);
  });

  it('leaves out what is not wanted', () => {
    expect(found({ target_guid: GUID }, { notTargets: [UPPER] })).toBe(false);
  });

  it('is never a name; a pattern finds what is named like it', () => {
    expect(found({ target_name: UPPER }, { targets: [UPPER] })).toBe(false);
    expect(found({ target_name: UPPER }, { targets: [`${UPPER}*`] })).toBe(true);
  });

  it('does not find what is stored in upper case', () => {
    expect(found({ actor_guid: UPPER }, { actors: [UPPER] })).toBe(false);
  });

  it('asks the same question as one in lower case', () => {
    const [upper, lower] = [UPPER, GUID].map((guid) => anEventQuery({ targets: [guid] }));

    expect(upper && queryFingerprint(upper)).toBe(lower && queryFingerprint(lower));
  });
});

describe('a GUID of another form', () => {
  it('is compared letter for letter', () => {
    expect(found({ actor_guid: 'App_Autoscaler' }, { actors: ['App_Autoscaler'] })).toBe(true);
    expect(found({ actor_guid: 'App_Autoscaler' }, { actors: ['app_autoscaler'] })).toBe(false);
  });
});
