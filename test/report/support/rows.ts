import { COLUMNS, type EventRow } from '../../../lib/domain/columns.ts';

/** A row of which nothing is known but what is given. */
export const aBareRow = (over: Partial<EventRow> = {}): EventRow =>
  ({
    ...Object.fromEntries(COLUMNS.map(({ name }) => [name, null])),
    guid: 'event-1',
    ...over,
  }) as EventRow;

/** An event as most of them are: of a user, on an app, in a space. */
export const aRow = (over: Partial<EventRow> = {}): EventRow =>
  aBareRow({
    created_at: new Date('2026-03-10T08:00:00Z'),
    updated_at: new Date('2026-03-10T08:00:00Z'),
    collected_at: new Date('2026-03-11T04:00:00.123Z'),
    type: 'audit.app.update',
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

export async function* batchesOf<T>(
  ...batches: readonly (readonly T[])[]
): AsyncGenerator<readonly T[]> {
  yield* batches;
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for await (const chunk of bytes) text += decoder.decode(chunk);
  return text;
}
