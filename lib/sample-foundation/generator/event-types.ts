import types from './event-types.json' with { type: 'json' };

/** What Cloud Controller documents, or its source shows, about one type of audit event. */
export interface EventType {
  readonly type: string;
  readonly category: string;
  readonly description: string;
  /** `user`, `system`, `process`, `app`, `service_broker`; with two, either can act. */
  readonly actor_types: readonly string[];
  readonly target_types: readonly string[];
  /** Paths into `data`, such as `request.name` or `buildpacks[].name`; empty when the type carries no data. */
  readonly data_keys: readonly string[];
  readonly scope: 'space' | 'org' | 'none' | 'org or none';
  readonly source: string;
  /** `legacy`: found only in databases of the years before 2017. */
  readonly status: 'current' | 'legacy';
  readonly since_api: string | null;
  readonly emitted_by: string;
}

/** Every type, current ones first, in the order of Cloud Controller's own list. */
export const eventTypes = types as readonly EventType[];

export const currentEventTypes = eventTypes.filter((type) => type.status === 'current');

const byName = new Map(eventTypes.map((type) => [type.type, type]));

/** @throws when Cloud Controller never had such a type */
export function eventTypeNamed(name: string): EventType {
  const type = byName.get(name);
  if (type === undefined) throw new Error(`Cloud Controller has no event type "${name}"`);
  return type;
}
