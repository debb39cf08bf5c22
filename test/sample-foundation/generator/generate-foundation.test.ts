import { describe, expect, it } from '@jest/globals';
import { generateFoundation } from '../../../lib/sample-foundation/generator/generate-foundation.ts';

const november = {
  from: new Date('2026-10-22T00:00:00Z'),
  to: new Date('2026-11-21T00:00:00Z'),
  eventsPerDay: 300,
};

describe('generateFoundation', () => {
  it('tells who deleted app checkout, whatever the seed', () => {
    for (const seed of [1, 2, 'three']) {
      const { events, apps } = generateFoundation({ ...november, seed });

      const deletions = [...events].filter(
        (event) => event.type === 'audit.app.delete-request' && event.actee_name === 'checkout',
      );

      expect(deletions).toHaveLength(1);
      expect(deletions[0]?.actor_name).toBe('dana.whitfield@example.org');
      expect(deletions[0]?.created_at).toBe(
        apps.find((app) => app.name === 'checkout')?.deleted_at,
      );
    }
  });
});
