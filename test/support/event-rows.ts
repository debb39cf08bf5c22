import type { EventRow } from '../../lib/domain/columns.ts';

/** A usual row; whatever a test cares about is given. */
export const anEventRow = (given: Partial<EventRow> = {}): EventRow => ({
  guid: '00000000-0000-4000-8000-000000000001',
  created_at: new Date('2026-03-10T08:00:00Z'),
  updated_at: new Date('2026-03-10T08:00:00Z'),
  type: 'audit.app.update',
  actor_guid: 'user-1',
  actor_type: 'user',
  actor_name: 'ann@example.org',
  actor_username: null,
  target_guid: 'app-1',
  target_type: 'app',
  target_name: 'checkout',
  space_guid: 'space-1',
  space_name: 'payments',
  organization_guid: 'organization-1',
  organization_name: 'shop',
  data: '{"request":{"instances":2}}',
  extra: null,
  collected_at: new Date('2026-03-12T04:00:00Z'),
  ...given,
});
