import { describe, expect, it } from '@jest/globals';
import { anEventOfType } from '../../../lib/sample-foundation/generator/an-event-of-type.ts';
import {
  currentEventTypes,
  eventTypes,
} from '../../../lib/sample-foundation/generator/event-types.ts';
import { Random } from '../../../lib/sample-foundation/generator/random.ts';

type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;

/** Whether `buildpacks[].name` and the like lead somewhere. */
function has(data: Json, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (Array.isArray(data)) return data.every((item) => has(item, path));
  if (typeof data !== 'object' || data === null) return false;
  const value = (data as { readonly [key: string]: Json })[step];
  return value !== undefined && has(value, rest);
}

const samples = (type: string, random = new Random(type)) =>
  Array.from({ length: 8 }, () => anEventOfType(type, random));

describe('anEventOfType', () => {
  it('knows 149 types, 140 of them current', () => {
    expect(eventTypes).toHaveLength(149);
    expect(currentEventTypes).toHaveLength(140);
  });

  it.each(eventTypes)('makes $type as documented', (documented) => {
    for (const event of samples(documented.type)) {
      expect(documented.actor_types).toContain(event.actor_type);
      expect(documented.target_types).toContain(event.actee_type);
      expect(event.actee_name).not.toBeNull();
      const scope = `${event.organization_guid === '' ? 'none' : 'org'}${event.space_guid === '' ? '' : ' and space'}`;
      const allowed = {
        space: ['org and space'],
        org: ['org'],
        none: ['none'],
        'org or none': ['org', 'none'],
      };
      expect(allowed[documented.scope]).toContain(scope);
      if (documented.data_keys.length === 0) expect(event.metadata).toBeNull();
      for (const key of documented.data_keys) {
        const data: Json = JSON.parse(event.metadata ?? 'null');
        const path = key.replaceAll('[]', '').split('.');
        const docker =
          key.startsWith('buildpacks[]') &&
          has(data, ['buildpacks']) &&
          /"buildpacks":null/.test(event.metadata ?? '');
        expect(docker || has(data, path)).toBe(true);
      }
    }
  });

  it('hides what Cloud Controller hides', () => {
    const text = eventTypes.map(({ type }) => samples(type)[0]?.metadata).join('\n');

    expect(text).toContain('"environment_variables":"[PRIVATE DATA HIDDEN]"');
    expect(text).toContain('"credentials":"[REDACTED]"');
    expect(text).toContain('"auth_password":"[REDACTED]"');
    expect(text).toContain('"secret":"[REDACTED]"');
    expect(text).toContain('"password":"***"');
    expect(text).toContain('https://***:***@');
    expect(text).toContain('env: \\"[PRIVATE DATA HIDDEN]\\"');
  });

  it('lets others than people act', () => {
    const random = new Random(3);
    const starts = Array.from({ length: 200 }, () => anEventOfType('audit.app.start', random));
    const refusals = Array.from({ length: 20 }, () =>
      anEventOfType('audit.app.ssh-unauthorized', random),
    );
    const old = Array.from({ length: 20 }, () => anEventOfType('audit.app.delete', random));

    expect(starts.map(({ actor }) => actor)).toContain('UNKNOWN');
    expect(
      starts.some(({ actor_type, actor_name }) => actor_type === 'user' && actor_name === ''),
    ).toBe(true);
    expect(refusals.map(({ actor }) => actor)).toContain('unknown-user-guid');
    expect(old.map(({ actor_name }) => actor_name)).toContain(null);
  });

  it('refuses a type that never was', () => {
    expect(() => anEventOfType('audit.app.dream', new Random(1))).toThrow(
      'no event type "audit.app.dream"',
    );
  });
});
