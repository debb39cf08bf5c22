/** Fields that every event has, in Cloud Controller's order. */
export const EVENT_FIELDS = [
  'guid',
  'created_at',
  'updated_at',
  'type',
  'actor',
  'target',
  'data',
  'space',
  'organization',
] as const;

/** All that an event may have without being odd. `links` is never stored, it follows from the GUID. */
export const KNOWN_FIELDS: readonly string[] = [...EVENT_FIELDS, 'links'];
